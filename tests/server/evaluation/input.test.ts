import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planComparison } from '../../../server/evaluation/comparison.ts';
import { Evaluator } from '../../../server/evaluation/input.ts';
import { trainRequestSchema } from '../../../server/protocol/index.ts';
import { createRun } from '../../../server/training/create-run.ts';
import { trainRun } from '../../../server/training/train.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

describe('parts of evaluations, one after the other', () => {
  it('share what was opened for the first of them, and only with those of the same weights', async () => {
    const workspace = await temporaryWorkspace();
    const { runs, datasets, place } = workspace;
    const dataset = await datasets.create('pair', { task: 'left-right', controlHz: 20 });
    await dataset.append([demonstrateMode('left', 1), demonstrateMode('right', 1)]);
    const request = trainRequestSchema.parse({ policy: 'l2', dataset: 'pair', steps: 3 });
    const { id } = await createRun(runs, datasets, request);
    await trainRun(runs, datasets, id, { engine: keepingEngine() });
    const policies = [{ policy: { kind: 'run', id } as const }];
    const plan = await planComparison(workspace, { policies, rollouts: 2, seed: 0 });
    const [input] = plan.inputs;
    const [first, second] = plan.cells.map((cell) => ({ input, cells: [cell] }));

    const together = new Evaluator();
    const results = await together.evaluate(first, 1, { revision: 'a' });
    const alone = new Evaluator();
    const expected = await alone.evaluate(second, 1);
    await alone.dispose();
    await rm(join(place.data, 'runs', id), { recursive: true });
    // Nothing is read any more.
    expect(await together.evaluate(second, 1, { revision: 'a' })).toEqual(expected);
    expect(await together.evaluate(first, 1, { revision: 'a' })).toEqual(results);
    await expect(together.evaluate(first, 1, { revision: 'b' })).rejects.toThrow(id);
    // What was open has been given back with that.
    await expect(together.evaluate(first, 1, { revision: 'a' })).rejects.toThrow(id);
    await together.dispose();
  });
});
