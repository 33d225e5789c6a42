import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { createDatasets } from '../../../../client/features/demos/datasets.ts';
import { createRuns } from '../../../../client/features/train/runs.ts';
import { createTraining, READER } from '../../../../client/features/train/training.ts';
import { createOffers } from '../../../../client/shared/lanes/offers.ts';
import { createJobs } from '../../../../client/shared/link/jobs.ts';
import type { StageTask } from '../../../../client/shared/tasks/stage-tasks.ts';
import type { DatasetSummary, Job, RequestInput } from '../../../../server/protocol/index.ts';
import { loadShipped } from '../../../../server/storage/workspace.ts';
import { fakeConnection } from '../../support.ts';

const summary = (name: string, episodes: number): DatasetSummary => ({
  name,
  task: 'left-right',
  controlHz: 20,
  episodes,
  frames: 100 * episodes,
  modes: { left: episodes },
  successes: episodes,
  recorded: 0,
  hash: name,
});

const done: Job = {
  id: 'g',
  kind: 'generate',
  title: 'left-right',
  status: 'done',
  progress: 1,
  preparation: null,
  secondsLeft: null,
  error: null,
};

/** A training beside a server that makes demonstrations at once. */
function setUp() {
  const connection = fakeConnection((name) => {
    if (name === 'demos:generate') return done;
    if (name === 'run:metrics') return [];
    return { id: 'run', policy: 'flow', spec: { task: 'left-right' }, createdAt: '2026' };
  });
  const datasets = createDatasets(connection);
  const jobs = createJobs(connection);
  const runs = createRuns(connection);
  const offers = createOffers(runs);
  const task = signal<StageTask>('left-right');
  const training = createTraining({ task, datasets, jobs, runs, offers });
  return { connection, datasets, training, offers, task };
}

it('demonstrations made for a training are what the next one is on, whatever else there is', async () => {
  const { connection, datasets, training } = setUp();
  datasets.replace([summary('empty', 0)]);
  connection.say('job', done);
  await training.start.run();
  expect(training.start.error.value).toBeNull();
  datasets.replace([summary('a', 2), summary('left-right', 100)]);
  expect(training.dataset()).toBe('left-right');
  const trained = connection.asked.filter(({ name }) => name === 'train:start');
  expect(trained).toHaveLength(3);
  for (const { request } of trained) expect(request).toMatchObject({ dataset: 'left-right' });
});

it('a policy that reads is trained on demonstrations of its task, made first where there are none', async () => {
  const { connection, datasets, training } = setUp();
  const requests = (name: string) =>
    connection.asked.filter((each) => each.name === name).map(({ request }) => request);
  datasets.replace([summary('left-right', 900)]);
  connection.say('job', done);
  await training.startReader.run();
  expect(training.startReader.error.value).toBeNull();
  expect(requests('demos:generate')).toEqual([
    { task: READER.task, episodes: READER.episodes, out: 'left-right-colour' },
  ]);
  const wanted = { policy: 'flow', dataset: 'left-right-colour', steps: READER.steps };
  expect(requests('train:start').at(-1)).toMatchObject(wanted);
  datasets.replace([{ ...summary('colours', READER.episodes), task: READER.task }]);
  await training.startReader.run();
  expect(requests('demos:generate')).toHaveLength(1);
  expect(requests('train:start').at(-1)).toMatchObject({ ...wanted, dataset: 'colours' });
});

it('begins with what ships of each policy where asked to, and where the network is the same', async () => {
  const { connection, datasets, training, offers } = setUp();
  datasets.replace([summary('mine', 4)]);
  const names = ['reading-flow', 'l2', 'diffusion', 'flow'] as const;
  const shipped = await Promise.all(names.map(loadShipped));
  offers.replace(names.map((name, i) => ({ name, spec: shipped[i].spec })));
  const begun = async () => {
    connection.asked.length = 0;
    await training.start.run();
    return connection.asked
      .filter(({ name }) => name === 'train:start')
      .map(({ request }) => (request as RequestInput<'train:start'>).from);
  };

  expect(await begun()).toEqual([undefined, undefined, undefined]);
  training.form.goOn.value = true;
  expect(training.canGoOn()).toBe(true);
  expect(await begun()).toEqual(
    ['l2', 'diffusion', 'flow'].map((name) => ({ kind: 'shipped', name })),
  );
  offers.replace([{ name: 'flow', spec: shipped[3].spec }]);
  // They are compared: all begin alike.
  expect(training.canGoOn()).toBe(false);
  expect(await begun()).toEqual([undefined, undefined, undefined]);

  training.form.policy.value = 'reflow';
  expect(training.canGoOn()).toBe(false);
  training.form.policy.value = 'flow';
  training.form.preset.value = 'standard';
  expect(training.canGoOn()).toBe(false);
  expect(await begun()).toEqual([undefined]);
});

it('fills in the form where asked to train on some demonstrations, and starts nothing', () => {
  const { connection, datasets, training } = setUp();
  datasets.replace([summary('a', 30), summary('mine', 1)]);
  training.form.policy.value = 'flow';
  training.preselect('mine');
  expect([training.dataset(), training.policy()]).toEqual(['mine', 'all']);
  expect(connection.asked).toEqual([]);
});

it('offers datasets and policies of the task on the stage alone', async () => {
  const { connection, datasets, training, task } = setUp();
  datasets.replace([
    summary('one', 30),
    summary('empty', 0),
    { ...summary('two', 30), task: 'left-right-colour' },
  ]);
  expect(training.offered().map(({ name }) => name)).toEqual(['one']);
  training.form.policy.value = 'lstm';
  expect(training.policy()).toBe('lstm');
  task.value = 'left-right-colour';
  expect(training.offered().map(({ name }) => name)).toEqual(['two']);
  // An LSTM cannot read, and a policy that reads cannot teach a reflow.
  expect(training.policies()).toEqual(expect.arrayContaining(['l2', 'diffusion', 'flow']));
  for (const name of ['lstm', 'reflow']) expect(training.policies()).not.toContain(name);
  expect([training.policy(), training.dataset()]).toEqual(['all', 'two']);
  datasets.replace([summary('one', 30)]);
  connection.say('job', done);
  await training.start.run();
  const made = connection.asked.find(({ name }) => name === 'demos:generate');
  expect(made?.request).toMatchObject({ task: 'left-right-colour', episodes: READER.episodes });
});
