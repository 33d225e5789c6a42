import { expect, it } from 'vitest';
import {
  type Comparing,
  createComparing,
  type KeptComparison,
} from '../../../../client/features/compare/comparing.ts';
import { createSettings, type Settings } from '../../../../client/shared/lanes/settings.ts';
import { createJobs } from '../../../../client/shared/link/jobs.ts';
import {
  type Comparison,
  type Job,
  LIMITS,
  pageCompareSchema,
} from '../../../../server/protocol/index.ts';
import { type FakeConnection, fakeConnection } from '../../support.ts';

const job = (id: string): Job => ({
  id,
  kind: 'compare',
  title: id,
  status: 'running',
  progress: 0,
  preparation: null,
  secondsLeft: null,
  error: null,
});

const AT = '2026-01-31T09:05:00.000Z';

const comparison = (seed: number): Comparison => ({
  task: 'left-right',
  seed,
  rollouts: 1,
  starts: 1,
  engine: 'test',
  batch: 1,
  policies: [],
  paired: [],
  leastP: 1,
  seconds: 1,
});

function open(kept: KeptComparison = { job: null, result: null }): {
  connection: FakeConnection;
  comparing: Comparing;
  settings: Settings;
  written: KeptComparison[];
} {
  const connection = fakeConnection(() => job('mine'));
  const written: KeptComparison[] = [];
  const memory = { read: () => kept, write: (now: KeptComparison) => written.push(now) };
  const settings = createSettings();
  const comparing = createComparing(connection, createJobs(connection), settings, memory);
  return { connection, comparing, settings, written };
}

it('a result that another page asked for leaves this one with its own', async () => {
  const { connection, comparing } = open();
  await comparing.start.run();
  connection.say('job', job('theirs'));
  connection.say('comparison', 'mine', comparison(1), AT);
  connection.say('comparison', 'theirs', comparison(2), AT);
  expect(comparing.result.value?.seed).toBe(1);
  expect(comparing.job.value).toBeNull();
  connection.say('job', job('mine'));
  expect(comparing.job.value?.id).toBe('mine');
});

it('a page that was loaded again meanwhile still knows what it asked for', async () => {
  const first = open();
  await first.comparing.start.run();
  const kept = first.written.at(-1) ?? null;
  expect(kept).toEqual({ job: 'mine', result: null });
  const { connection, comparing } = open(kept ?? undefined);
  connection.say('comparison', 'theirs', comparison(2), AT);
  expect(comparing.result.value).toBeNull();
  connection.say('comparison', 'mine', comparison(1), AT);
  expect(comparing.result.value?.seed).toBe(1);
});

it('a page that was away when its result came finds it with what the server has kept', async () => {
  const { comparing } = open({ job: 'mine', result: null });
  comparing.recall([
    { id: 'theirs', at: AT, comparison: comparison(2) },
    { id: 'mine', at: AT, comparison: comparison(1) },
  ]);
  expect(comparing.result.value?.seed).toBe(1);
});

it('only what was asked for here arrives, not an earlier result that is shown after a failure', async () => {
  const { connection, comparing } = open();
  comparing.recall([{ id: 'older', at: AT, comparison: comparison(2) }]);
  await comparing.start.run();
  connection.say('job', { ...job('mine'), status: 'failed' });
  comparing.show('older');
  connection.say('comparison', 'theirs', comparison(3), AT);
  expect(comparing.arrived.value).toBeNull();
  connection.say('comparison', 'mine', comparison(1), AT);
  expect(comparing.arrived.value).toBe('mine');
});

it('a page that asked for nothing yet shows the last result that the server has kept', () => {
  const { comparing } = open();
  comparing.recall([
    { id: 'older', at: '2026-01-30T09:05:00.000Z', comparison: comparison(2) },
    { id: 'newer', at: AT, comparison: comparison(1) },
  ]);
  expect(comparing.kept.value.map(({ id }) => id)).toEqual(['newer', 'older']);
  expect(comparing.shown.value).toBe('newer');
  expect(comparing.result.value?.seed).toBe(1);
  expect(comparing.at.value).toBe(AT);
});

it('an earlier result that somebody looks at stays when the server says hello again', async () => {
  const { connection, comparing } = open();
  await comparing.start.run();
  connection.say('comparison', 'mine', comparison(1), AT);
  const entries = [
    { id: 'theirs', at: AT, comparison: comparison(2) },
    { id: 'mine', at: AT, comparison: comparison(1) },
  ];
  comparing.recall(entries);
  expect(comparing.shown.value).toBe('mine');
  comparing.show('theirs');
  comparing.recall(entries);
  expect(comparing.result.value?.seed).toBe(2);
  // A new one of this page's own is what it wants to see next.
  await comparing.start.run();
  connection.say('comparison', 'mine', comparison(3), AT);
  expect(comparing.result.value?.seed).toBe(3);
});

it('results of all pages can be looked at, the last few of them', () => {
  const { connection, comparing } = open();
  for (let i = 0; i < LIMITS.comparisons + 3; i++) {
    connection.say('comparison', `theirs-${i}`, comparison(i), AT);
  }
  expect(comparing.result.value).toBeNull();
  expect(comparing.kept.value).toHaveLength(LIMITS.comparisons);
  expect(comparing.kept.value[0].id).toBe(`theirs-${LIMITS.comparisons + 2}`);
});

it('the form takes over what a result was asked for with, its starts only where they are unusual', () => {
  const { comparing } = open();
  comparing.takeOver({ ...comparison(100_000), rollouts: 40, starts: 20 });
  const form = () =>
    [comparing.rollouts, comparing.starts, comparing.seed].map(({ value }) => value);
  expect(form()).toEqual([40, 20, 100_000]);
  comparing.takeOver({ ...comparison(3), rollouts: 100, starts: 10 });
  expect(form()).toEqual([100, null, 3]);
});

it('asks for starts where the form names a number of them', async () => {
  const { connection, comparing } = open();
  await comparing.start.run();
  expect(connection.asked.at(-1)?.request).not.toHaveProperty('starts');
  comparing.starts.value = 10;
  await comparing.start.run();
  expect(pageCompareSchema.parse(connection.asked.at(-1)?.request).starts).toBe(10);
});

it('what is said on the stage is said in the comparison, and each view keeps its guidance', async () => {
  const { connection, comparing, settings } = open();
  const policy = { kind: 'run' as const, id: 'reader' };
  settings.task.value = 'left-right-colour';
  settings.lanes['1'].value = { policy, guidance: 0 };
  settings.lanes['2'].value = { policy };
  settings.lanes['3'].value = null;
  settings.instruction.value = 'hand me the red apple';
  await comparing.start.run();
  const request = pageCompareSchema.parse(connection.asked.at(-1)?.request);
  expect(request).toMatchObject({
    policies: [{ policy, guidance: 0 }, { policy }],
    instruction: 'hand me the red apple',
  });
  expect(request.policies).toHaveLength(2);
});
