import { expect, it } from 'vitest';
import { DatasetError } from '../../../demos/store/index.ts';
import { readActions } from '../../../server/datasets/demonstrated-actions.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

it('the actions of a demonstration come as recorded, each component ±1 over the dataset', async () => {
  const { datasets } = await temporaryWorkspace();
  const demonstrations = [demonstrateMode('left', 1), demonstrateMode('right', 1)];
  const dataset = await datasets.create('demos', { task: 'left-right', controlHz: 20 });
  await dataset.append(demonstrations);
  const rows = demonstrations.flatMap(({ action }) => [...action]);
  const ranges = Array.from({ length: 8 }, (_, c) => {
    const column = rows.filter((_, i) => i % 8 === c);
    return [Math.min(...column), Math.max(...column)];
  });
  for (const [episode, { action, mode }] of demonstrations.entries()) {
    const read = await readActions(datasets, { dataset: 'demos', episode });
    expect(read).toMatchObject({ dataset: 'demos', episode, mode, controlHz: 20, actionDim: 8 });
    expect(read.actions).toHaveLength(action.length);
    read.actions.forEach((value, i) => {
      const [low, high] = ranges[i % 8];
      expect(value).toBeCloseTo((2 * (action[i] - low)) / (high - low) - 1, 4);
    });
  }
});

it('a demonstration that is not there is refused with those there are', async () => {
  const { datasets } = await temporaryWorkspace();
  await (await datasets.create('demos', { task: 'left-right', controlHz: 20 })).append([
    demonstrateMode('left', 1),
  ]);
  const missing = readActions(datasets, { dataset: 'demos', episode: 1 });
  await expect(missing).rejects.toThrow(DatasetError);
  await expect(missing).rejects.toThrow(/expected episode 0 to 0, got 1/);
  await expect(readActions(datasets, { dataset: 'none', episode: 0 })).rejects.toThrow(/none/);
});
