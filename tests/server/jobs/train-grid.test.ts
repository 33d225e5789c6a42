import { describe, expect, it } from 'vitest';
import { MadeSteps, trainGrid } from '../../../server/jobs/train-grid.ts';
import { changed, smallGrid, withRun } from '../../support/grids.ts';
import { workspaceWithPair } from '../../support/pair.ts';

const workspace = await workspaceWithPair();

describe('a grid that is trained', () => {
  it('says of each training that cannot begin why, and begins it nowhere', async () => {
    const [one, two] = await smallGrid(workspace, { seeds: [0, 1] });
    const { dataset } = one.planned.run;
    const changedData = changed(one, { dataset: { ...dataset, hash: 'b'.repeat(64) } });
    const noData = changed(two, { dataset: { ...dataset, name: 'gone', hash: 'c'.repeat(64) } });
    const failures = await trainGrid(workspace, [changedData, noData], { processes: 1 });
    expect(failures).toEqual([
      { id: changedData.id, reason: expect.stringMatching(/dataset pair: expected .*bbbb.*, got/) },
      { id: noData.id, reason: expect.stringMatching(/dataset gone: .* got none; mount the data/) },
    ]);
    expect(await workspace.runs.list()).toEqual([]);
  });

  it('leaves a run alone that is no longer what it is named by', async () => {
    const [grid] = await smallGrid(workspace, { seeds: [2] });
    const { training } = await withRun(workspace, grid);
    await workspace.runs.update(grid.id, { training: { ...training, batch: 3 } });
    expect(await trainGrid(workspace, [grid])).toEqual([
      { id: grid.id, reason: expect.stringContaining('got one of other settings; throw it away') },
    ]);
  });

  it('begins nothing once it is stopped', async () => {
    const grid = await smallGrid(workspace, { seeds: [3, 4] });
    const stopped = trainGrid(workspace, grid, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('stopped by request');
    for (const { id } of grid) expect(await workspace.runs.has(id)).toBe(false);
  });
});

it('steps that are made again after a checkpoint count once', () => {
  const told: { steps: number; ended: number }[] = [];
  const from = new Map([
    ['a', 10],
    ['b', 0],
  ]);
  const made = new MadeSteps(from, (progress) => told.push(progress));
  made.reach('a', 15);
  made.reach('b', 7);
  // From its checkpoint, on another machine.
  made.reach('b', 4);
  made.end('b', 20);
  expect(told).toEqual([
    { steps: 5, ended: 0 },
    { steps: 12, ended: 0 },
    { steps: 12, ended: 0 },
    { steps: 25, ended: 1 },
  ]);
});
