import { beforeAll, describe, expect, it } from 'vitest';
import type { RolloutMeasures } from '../../../server/evaluation/evaluate.ts';
import type { Contender } from '../../../server/experiments/plan.ts';
import {
  seedSpreads,
  trainedAs,
  withTrainingSeeds,
} from '../../../server/experiments/training-seeds.ts';
import type { Run } from '../../../server/protocol/runs.ts';
import type { Lane } from '../../../server/protocol/stage.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { somePlan } from '../../support/experiments.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const { training } = FRESH_RUN;

describe('the training of a run', () => {
  const { alike, seed } = trainedAs(FRESH_RUN);

  it('is alike with another seed, another name of the data and however far it is', () => {
    const other = { ...FRESH_RUN, training: { ...training, seed: 7 }, step: 5, loss: 1 };
    const renamed = { ...other, dataset: { ...FRESH_RUN.dataset, name: 'renamed' } };
    expect(trainedAs(renamed)).toEqual({ alike, seed: 7 });
    expect(seed).toBe(0);
  });

  it.each<[string, Partial<Run>]>([
    ['steps', { training: { ...training, steps: 11 } }],
    ['data', { dataset: { ...FRESH_RUN.dataset, hash: 'other' } }],
    ['a beginning', { from: { source: { kind: 'shipped', name: 'flow' }, hash: 'a' } }],
    ['a network', { spec: { ...FRESH_RUN.spec, predHorizon: 16 } }],
  ])('is another with other %s', (_, change) => {
    expect(trainedAs({ ...FRESH_RUN, ...change }).alike).not.toBe(alike);
  });
});

describe('training seeds', () => {
  let workspace: Workspace;
  let zero: Run;
  const ids: string[] = [];
  const lane = (id: string): Lane => ({ policy: { kind: 'run', id }, sampler: 'euler', nfe: 4 });
  const trained = (seed: number, change: Partial<Run> = {}) =>
    workspace.runs.create({
      ...{ ...FRESH_RUN, step: training.steps, status: 'done' },
      training: { ...training, seed },
      ...change,
    });

  beforeAll(async () => {
    workspace = await temporaryWorkspace();
    zero = await trained(0);
    ids.push(zero.id, (await trained(1)).id);
    // Not over; of other steps; on other data.
    await trained(2, { step: 3, status: 'stopped' });
    await trained(2, { step: 12, training: { ...training, seed: 2, steps: 12 } });
    await trained(2, { dataset: { ...FRESH_RUN.dataset, hash: 'other' } });
  });

  it('put runs that were trained alike in the place of one, drawn as it is', async () => {
    const shipped: Lane = { policy: { kind: 'shipped', name: 'l2' } };
    const lanes = await withTrainingSeeds(workspace, [shipped, lane(zero.id)], [0, 1]);
    expect(lanes).toEqual([shipped, lane(ids[0]), lane(ids[1])]);
  });

  it('say how to train one that there is not', async () => {
    await expect(withTrainingSeeds(workspace, [lane(ids[1])], [0, 2])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(
        /with seed 2, got none.*train --policy flow --preset quick --dataset demos --steps 10 --seed 2$/,
      ),
    });
  });

  it('are refused where nothing is a run', async () => {
    const lanes: Lane[] = [{ policy: { kind: 'shipped', name: 'l2' } }];
    await expect(withTrainingSeeds(workspace, lanes, [0])).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

it('a training is told by mean and deviation over its seeds, alike in all else', () => {
  const [base] = somePlan().contenders;
  const seeded = (seed: number, change: Partial<Contender> = {}): Contender => ({
    ...base,
    source: { kind: 'run', id: `run-${seed}` },
    trained: { alike: 'a'.repeat(64), seed },
    ...change,
  });
  const contenders = [
    base,
    ...[2, 0, 1].map((seed) => seeded(seed)),
    seeded(3, { actionHorizon: 8 }),
    seeded(4, { trained: { alike: 'b'.repeat(64), seed: 4 } }),
  ];
  // Of seeds 0, 1, 2: 0.8, 0.9, 0.7.
  const measures = [0.1, 0.7, 0.8, 0.9, 0.2, 0.3].map((rate) => {
    return { success: { rate }, modeEntropy: 1, conditionalEntropy: rate / 2 };
  }) as unknown as RolloutMeasures[];
  const spreads = seedSpreads(contenders, measures, 'conditionalEntropy');
  expect(spreads).toHaveLength(1);
  const [{ success, entropy, ...spread }] = spreads;
  expect(spread).toEqual({
    ...{ name: 'flow euler 1, Ta 20', seeds: [0, 1, 2], members: [2, 3, 1] },
  });
  expect([success.least, success.most]).toEqual([0.7, 0.9]);
  expect(success.mean).toBeCloseTo(0.8, 12);
  expect(success.deviation).toBeCloseTo(0.1, 12);
  expect(entropy.deviation).toBeCloseTo(0.05, 12);
});
