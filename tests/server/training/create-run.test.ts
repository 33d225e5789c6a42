import { describe, expect, it } from 'vitest';
import { loadShipped } from '../../../server/storage/workspace.ts';
import { checkPictures } from '../../../server/training/create-run.ts';
import { PAIR, workspaceWithPair } from '../../support/pair.ts';
import { newRun as newRunIn } from '../../support/runs.ts';

const workspace = await workspaceWithPair();
const newRun = (request: Parameters<typeof newRunIn>[1]) => newRunIn(workspace, request);

async function addDataset(name: string, demonstrations: typeof PAIR): Promise<void> {
  const dataset = await workspace.datasets.create(name, { task: 'left-right', controlHz: 20 });
  if (demonstrations.length > 0) await dataset.append(demonstrations);
}

describe('a new run', () => {
  it('keeps all that defines it, and waits', async () => {
    const run = await newRun({ policy: 'diffusion', seed: 9, steps: 40 });
    const { info } = await workspace.datasets.open('pair');
    expect(run).toMatchObject({
      policy: 'diffusion',
      preset: 'quick',
      status: 'queued',
      step: 0,
      pid: null,
      spec: { task: 'left-right', controlHz: 20, objective: { kind: 'diffusion' } },
      training: { steps: 40, seed: 9, warmupSteps: 4 },
      dataset: { name: 'pair', hash: info.hash, episodes: 2 },
    });
    expect(await workspace.runs.read(run.id)).toEqual(run);
  });

  it('differs between policies in the objective alone', async () => {
    const runs = await Promise.all(
      (['l2', 'diffusion', 'flow'] as const).map((policy) => newRun({ policy })),
    );
    const rest = runs.map(({ spec: { objective: _, ...spec }, training }) => ({ spec, training }));
    expect(rest[1]).toEqual(rest[0]);
    expect(rest[2]).toEqual(rest[0]);
    expect(new Set(runs.map(({ spec }) => spec.objective.kind)).size).toBe(3);
  });

  it('is warned of what its dataset lacks', async () => {
    await addDataset('lefts', [PAIR[0]]);
    const { warnings } = await newRun({ dataset: 'lefts' });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('no demonstration of right');
    expect(warnings[1]).toContain('has 1 demonstrations');
  });

  it('is warned of demonstrations that failed', async () => {
    const failed = Array.from({ length: 20 }, (_, i) => ({ ...PAIR[i % 2], success: i > 2 }));
    await addDataset('failures', failed);
    const { warnings } = await newRun({ dataset: 'failures' });
    expect(warnings).toEqual([expect.stringContaining('3 of 20 demonstrations')]);
  });

  it('is not warned where there is nothing to warn of', async () => {
    await addDataset(
      'twenty',
      Array.from({ length: 20 }, (_, i) => PAIR[i % 2]),
    );
    expect((await newRun({ dataset: 'twenty' })).warnings).toEqual([]);
  });

  it('is refused on a dataset without episodes, with the cure', async () => {
    await addDataset('empty', []);
    const before = await workspace.runs.list();
    await expect(newRun({ dataset: 'empty' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('record or generate demonstrations first'),
    });
    expect(await workspace.runs.list()).toEqual(before);
  });

  it('is refused on a dataset that is not there, with those that are', async () => {
    await expect(newRun({ dataset: 'nowhere' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('pair'),
    });
  });
});

it('a camera’s training takes as many pictures as one array can hold, and no more', async () => {
  const { spec } = await loadShipped('seeing-flow');
  // 64 × 64 × 3 bytes each, in 4 GiB.
  const most = Math.floor(2 ** 32 / (64 * 64 * 3));
  checkPictures(spec, { name: 'large', frames: most });
  expect(() => checkPictures(spec, { name: 'large', frames: most + 1 })).toThrow(
    `dataset large: expected at most ${most} frames, as many as a training can keep pictures of, ` +
      `got ${most + 1}; train on fewer demonstrations`,
  );
  const blind = await loadShipped('reading-flow');
  checkPictures(blind.spec, { name: 'large', frames: 10 * most });
});
