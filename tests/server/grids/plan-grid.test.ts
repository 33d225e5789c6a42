import { describe, expect, it } from 'vitest';
import { withTrainingSeeds } from '../../../server/experiments/training-seeds.ts';
import { changed, smallGrid, withRun } from '../../support/grids.ts';
import { PAIR, workspaceWithPair } from '../../support/pair.ts';

const workspace = await workspaceWithPair();
const copy = await workspace.datasets.create('copy', { task: 'left-right', controlHz: 20 });
await copy.append(PAIR);

describe('a grid of trainings', () => {
  it('crosses presets, policies and seeds, each once', async () => {
    const grid = await smallGrid(workspace, {
      policies: ['l2', 'flow', 'l2'],
      presets: ['quick', 'standard'],
      seeds: [3, 1, 3],
    });
    const cells = grid.map(({ planned: { run } }) => [run.preset, run.policy, run.training.seed]);
    expect(cells).toEqual([
      ...[
        ['quick', 'l2', 3],
        ['quick', 'l2', 1],
      ],
      ...[
        ['quick', 'flow', 3],
        ['quick', 'flow', 1],
      ],
      ...[
        ['standard', 'l2', 3],
        ['standard', 'l2', 1],
      ],
      ...[
        ['standard', 'flow', 3],
        ['standard', 'flow', 1],
      ],
    ]);
    expect(new Set(grid.map(({ id }) => id)).size).toBe(8);
    expect(await workspace.runs.list()).toEqual([]);
  });

  it('names a run by what decides its weights, whatever the dataset is called', async () => {
    const [one] = await smallGrid(workspace);
    const ids = async (request: Parameters<typeof smallGrid>[1]) =>
      (await smallGrid(workspace, request)).map(({ id }) => id);
    expect(await ids({})).toEqual([one.id]);
    expect(await ids({ dataset: 'copy' })).toEqual([one.id]);
    expect(await ids({ steps: 7 })).not.toEqual([one.id]);
    expect(await ids({ flowTime: 'beta' })).not.toEqual([one.id]);
    const { planned } = one;
    const code = { ...planned.code, digest: 'a'.repeat(64) };
    expect(changed({ ...one, planned: { ...planned, code } }, {}).id).not.toBe(one.id);
  });

  it('gives a choice to the policies that have it', async () => {
    const grid = await smallGrid(workspace, {
      policies: ['l2', 'diffusion', 'flow'],
      flowTime: 'beta',
      prediction: 'data',
    });
    expect(grid.map(({ planned }) => planned.run.spec.objective)).toMatchObject([
      { kind: 'regression' },
      { kind: 'diffusion', prediction: 'data' },
      { kind: 'flow', time: 'beta' },
    ]);
  });

  it.each<[string, Parameters<typeof smallGrid>[1], string]>([
    [
      'a choice that none of its policies has',
      { policies: ['l2'], flowTime: 'beta' },
      'flowTime: expected a policy among those trained that has the choice, got l2',
    ],
    [
      'more trainings than anybody wants',
      { seeds: Array.from({ length: 1001 }, (_, i) => i) },
      'expected at most 1000 trainings, got 1001',
    ],
    ['demonstrations that are not there', { dataset: 'nowhere' }, 'pair'],
  ])('is refused with %s', async (_, request, message) => {
    await expect(smallGrid(workspace, request)).rejects.toThrow(message);
  });

  it('is what an experiment over training seeds asks for', async () => {
    const grid = await smallGrid(workspace, { seeds: [0, 1, 2] });
    for (const each of grid) await withRun(workspace, each, { step: 6, status: 'done' });
    const first = { policy: { kind: 'run', id: grid[0].id } } as const;
    const lanes = await withTrainingSeeds(workspace, [first], [2, 0]);
    expect(lanes.map(({ policy }) => policy)).toEqual([
      { kind: 'run', id: grid[2].id },
      { kind: 'run', id: grid[0].id },
    ]);
  });
});
