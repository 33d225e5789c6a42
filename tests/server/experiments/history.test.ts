import { mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { listExperiments } from '../../../server/experiments/list.ts';
import { listRollouts } from '../../../server/experiments/list-rollouts.ts';
import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import { shardsOf } from '../../../server/experiments/shard.ts';
import { ExperimentStore } from '../../../server/experiments/store.ts';
import { viewExperiment } from '../../../server/experiments/view.ts';
import { digestOfShipped, type Workspace } from '../../../server/storage/workspace.ts';
import { allRollouts, keepResult, somePlan } from '../../support/experiments.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

let workspace: Workspace;
let store: ExperimentStore;
let root: string;
beforeEach(async () => {
  workspace = await temporaryWorkspace();
  store = new ExperimentStore(workspace.place.data);
  root = join(workspace.place.data, 'experiments');
});

/** An experiment of which so many shards are there; all of them where nothing is said. */
async function put(name: string, plan: ExperimentPlan, shards = Number.POSITIVE_INFINITY) {
  const directory = store.directory(name);
  await directory.writePlan(plan);
  for (const { description } of shardsOf(plan).slice(0, shards)) {
    await keepResult(directory, description);
  }
}

/** With the flow that ships, so that its rollouts can be played here. */
async function playablePlan(): Promise<ExperimentPlan> {
  const digest = await digestOfShipped('flow');
  const plan = somePlan();
  return { ...plan, contenders: plan.contenders.map((each) => ({ ...each, digest })) };
}

const list = () => listExperiments(workspace, store);

describe('the history of experiments', () => {
  it('is empty where nobody has made any, and makes nothing', async () => {
    expect(await list()).toEqual({ experiments: [], damaged: [], omitted: 0 });
    expect(await readdir(workspace.place.data)).toEqual([]);
  });

  it('says of each what it is, how far, and once it is done what came of it', async () => {
    const plan = somePlan();
    await put('done', plan);
    await put('half', plan, 3);
    const { experiments } = await list();
    const [done, half] = ['done', 'half'].map((name) =>
      experiments.find((each) => each.name === name),
    );
    expect(done).toMatchObject({
      ...{ title: null, task: 'left-right', rollouts: 6, starts: 2, contenders: 2 },
      shards: { done: 6, total: 6 },
      first: [
        { name: 'flow', sampler: 'euler', nfe: 1, perturbation: null },
        { name: 'flow', sampler: 'euler', nfe: 4 },
      ],
    });
    const successes = allRollouts(plan).map((all) => all.filter(({ success }) => success).length);
    expect(done?.first.map(({ summary }) => summary?.success.k)).toEqual(successes);
    expect(done?.first.every(({ summary }) => /^[a-z]+$/.test(summary?.letters ?? ''))).toBe(true);
    expect(half).toMatchObject({ shards: { done: 3, total: 6 } });
    expect(half?.first.map(({ summary }) => summary)).toEqual([null, null]);
    // What was worked out is kept, and not believed of other results.
    expect(await readdir(join(root, 'done'))).toContain('summary.json');
    expect((await list()).experiments).toEqual(experiments);
  });

  it('shows what is bad beside what is good', async () => {
    await put('good', somePlan());
    await mkdir(join(root, 'empty'), { recursive: true });
    await mkdir(join(root, 'Not A Name'));
    await mkdir(join(root, 'cut-off'));
    await writeFile(join(root, 'cut-off', 'plan.json'), '{"format": 1,');
    await mkdir(join(root, 'huge'));
    await writeFile(join(root, 'huge', 'plan.json'), '');
    await truncate(join(root, 'huge', 'plan.json'), 17 * 2 ** 20);
    await symlink(join(root, 'good'), join(root, 'linked'));
    await writeFile(join(root, 'notes.txt'), 'a file is nobody’s experiment');
    const { experiments, damaged } = await list();
    expect(experiments.map(({ name }) => name)).toEqual(['good']);
    const messages = new Map(damaged.map(({ name, message }) => [name, message]));
    expect([...messages.keys()].sort()).toEqual(
      ['Not A Name', 'cut-off', 'empty', 'huge', 'linked'].sort(),
    );
    expect(messages.get('Not A Name')).toContain('a–z');
    expect(messages.get('huge')).toContain('at most');
    expect(messages.get('linked')).toContain('expected a directory');
  });

  it('calls one as a person does, and gives back what was thrown away', async () => {
    await put('sweep', somePlan());
    await store.rename('sweep', 'the wide one');
    const id = await store.trash('sweep');
    expect(id).toMatch(/^sweep\.\d{8}T\d{9}Z$/);
    expect((await list()).experiments).toEqual([]);
    await expect(store.rename('sweep', null)).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.restore(id)).toBe('sweep');
    expect((await list()).experiments).toMatchObject([{ name: 'sweep', title: 'the wide one' }]);
    await writeFile(join(root, 'sweep', 'title.json'), '{"title": 7}');
    expect((await list()).experiments).toMatchObject([{ name: 'sweep', title: null }]);
  });

  it.each(['..', '../runs', 'a/b', '', 'A'])('has none of the name %j', async (name) => {
    await expect(store.locate(name)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.trash(name)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an experiment that is looked at', () => {
  it('says of each contender what its rollouts say', async () => {
    const plan = somePlan();
    const perturbed = { ...plan.contenders[0], perturbation: { mass: 4 } };
    const wide = { ...plan, contenders: [...plan.contenders, perturbed] };
    await put('sweep', wide);
    const view = await viewExperiment(workspace, store, 'sweep');
    const counts = allRollouts(wide).map((all) => all.filter(({ success }) => success).length);
    expect(view.all.map(({ measures }) => measures?.success.k)).toEqual(counts);
    expect(view.all.map(({ perturbation }) => perturbation)).toEqual([null, null, 'mass=4']);
    const { robustness } = view.all[2];
    expect(robustness?.difference).toBeCloseTo((counts[2] - counts[0]) / 6);
    expect(view).toMatchObject({ hindrance: null, problems: [], engine: 'made up' });
  });

  it('before it is done says what is there, what is damaged, and why it cannot go on', async () => {
    const plan = somePlan();
    await put('sweep', plan, 4);
    const [first] = await store.directory('sweep').listShards();
    await truncate(join(root, 'sweep', 'shards', first), 100);
    const view = await viewExperiment(workspace, store, 'sweep');
    expect(view.shards).toEqual({ done: 3, total: 6 });
    expect(view.all.map(({ done }) => done).reduce((sum, each) => sum + each)).toBe(6);
    expect(view.all.map(({ letters }) => letters)).toEqual([null, null]);
    expect(view.problems).toEqual([expect.stringContaining(first)]);
    expect(view.hindrance).toContain('expected the code of version 1.0.0');
  });

  it('of more than a page is shown is refused before any of it is read', async () => {
    const plan = { ...somePlan(), rollouts: 10_000, shardSize: 1, starts: 100 };
    const many = { ...plan, contenders: Array.from({ length: 3 }, () => plan.contenders[0]) };
    await store.directory('sweep').writePlan(many);
    await expect(viewExperiment(workspace, store, 'sweep')).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('experiment report'),
    });
  });
});

describe('rollouts of a contender', () => {
  it('come failures first, each with what plays it and holds it to its hash', async () => {
    const plan = await playablePlan();
    await put('sweep', plan);
    const request = { name: 'sweep', contender: 1, from: 0 };
    const listed = await listRollouts(workspace, store, request);
    const all = allRollouts(plan)[1];
    const failures = all.filter(({ success }) => !success).length;
    expect(listed).toMatchObject({ total: 6, failures, refusal: null });
    expect(listed.rollouts.map(({ success }) => success)).toEqual(all.map((_, i) => i >= failures));
    for (const { start, noise, link } of listed.rollouts) {
      const { replayHash } = all.find((each) => each.start === start && each.noise === noise) ?? {};
      expect(link).toContain(`?recorded=${replayHash}#`);
      expect(link).toContain(`episode=${start}&noise=${noise}&`);
    }
    const rest = await listRollouts(workspace, store, { ...request, from: 4 });
    expect(rest.rollouts).toEqual(listed.rollouts.slice(4));
  });

  it('are shown without links where the policy is another by now', async () => {
    await put('sweep', somePlan());
    const listed = await listRollouts(workspace, store, { name: 'sweep', contender: 0, from: 0 });
    expect(listed.refusal).toContain('expected the policy of digest');
    expect(listed.rollouts.map(({ link }) => link)).toEqual(new Array(6).fill(null));
    await expect(
      listRollouts(workspace, store, { name: 'sweep', contender: 2, from: 0 }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
