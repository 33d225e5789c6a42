import { beforeAll, describe, expect, it } from 'vitest';
import { chooseSampler } from '../../../policies/config/index.ts';
import { NetworkPolicy, type TrainedPolicy } from '../../../policies/network-policy.ts';
import {
  evaluateCells,
  type GridCell,
  type GridResult,
  rolloutGrid,
  timePlans,
} from '../../../server/evaluation/evaluate.ts';
import { trainRequestSchema } from '../../../server/protocol/index.ts';
import { loadPolicy } from '../../../server/storage/open-policy.ts';
import { createRun } from '../../../server/training/create-run.ts';
import { trainRun } from '../../../server/training/train.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { demonstrateMode, rapier, task } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const engine = keepingEngine();
const trained = new Map<string, TrainedPolicy>();

/** Policies of a few training steps: good for nothing but being networks. */
beforeAll(async () => {
  const workspace = await temporaryWorkspace();
  const { runs, datasets } = workspace;
  const dataset = await datasets.create('pair', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1), demonstrateMode('right', 1)]);
  for (const policy of ['l2', 'flow']) {
    const request = trainRequestSchema.parse({ policy, dataset: 'pair', steps: 3 });
    const { id } = await createRun(runs, datasets, request);
    await trainRun(runs, datasets, id, { engine });
    trained.set(policy, await loadPolicy(workspace, { kind: 'run', id }));
  }
});

function policyOf(name: string): TrainedPolicy {
  const policy = trained.get(name);
  if (!policy) throw new Error(`no ${name} was trained`);
  return policy;
}

function evaluate(
  name: string,
  cells: readonly GridCell[],
  { batch = 4, seed = 0 }: { batch?: number; seed?: number } = {},
): Promise<GridResult[]> {
  const trained = policyOf(name);
  const policy = new NetworkPolicy(engine, trained);
  const sampler = chooseSampler(trained.spec.objective, { nfe: name === 'l2' ? undefined : 2 });
  return evaluateCells({ rapier, task, policy, sampler, actionHorizon: 2, batch, seed }, cells);
}

const outcome = ({ start: _, noise: __, ...rest }: GridResult) => rest;

describe('an evaluation', () => {
  it('has a result for every cell, in their order, whatever the batch', async () => {
    const cells = rolloutGrid(5);
    for (const batch of [2, 5]) {
      const results = await evaluate('flow', cells, { batch });
      expect(results.map(({ start, noise }) => ({ start, noise }))).toEqual(cells);
    }
  });

  it('of L2 gives one answer to one start: its conditional entropy is exactly 0', async () => {
    const results = await evaluate('l2', [
      { start: 0, noise: 0 },
      { start: 0, noise: 1 },
      { start: 0, noise: 2 },
    ]);
    expect(outcome(results[1])).toEqual(outcome(results[0]));
    expect(outcome(results[2])).toEqual(outcome(results[0]));
  });

  it('of a flow draws another future for another noise seed, the same for the same', async () => {
    const cells = [
      { start: 0, noise: 0 },
      { start: 0, noise: 1 },
    ];
    const results = await evaluate('flow', cells);
    expect(results[0].seam.squares).not.toBe(results[1].seam.squares);
    expect(await evaluate('flow', cells)).toEqual(results);
  });

  it('gives a start and a noise seed the same rollout in every grid they are in', async () => {
    const usual = await evaluate('flow', rolloutGrid(4));
    const spread = await evaluate('flow', rolloutGrid(4, 4));
    const alone = await evaluate('flow', rolloutGrid(4, 1));
    const at = (results: GridResult[], start: number, noise: number) =>
      results.find((each) => each.start === start && each.noise === noise);
    expect(at(spread, 0, 0)).toEqual(at(usual, 0, 0));
    expect(at(spread, 1, 0)).toEqual(at(usual, 1, 0));
    expect(at(alone, 0, 1)).toEqual(at(usual, 0, 1));
  });

  it('of large seeds begins with starts and noise of their own', async () => {
    const cells = [
      { start: 0, noise: 0 },
      { start: 0, noise: 1 },
    ];
    const seeds = [16_383, 16_384, 100_000, 2 ** 32 - 1];
    const all = await Promise.all(seeds.map((seed) => evaluate('flow', cells, { seed })));
    const different = all.flat().map(({ seam }) => seam.squares);
    expect(new Set(different).size).toBe(different.length);
    expect(await evaluate('flow', cells, { seed: 2 ** 32 - 1 })).toEqual(all[3]);
  });

  it('of another seed begins elsewhere', async () => {
    const cells = [{ start: 0, noise: 0 }];
    const [one] = await evaluate('l2', cells, { seed: 0 });
    const [other] = await evaluate('l2', cells, { seed: 1 });
    expect(outcome(one)).not.toEqual(outcome(other));
  });
});

it('plans are timed apart from the first, a plan’s time shared by its steps', async () => {
  const trained = policyOf('flow');
  const policy = new NetworkPolicy(engine, trained);
  const sampler = chooseSampler(trained.spec.objective, { nfe: 1 });
  const times = await timePlans({ task, policy, sampler, actionHorizon: 8, seed: 0 });
  if (!times) throw new Error('expected times');
  expect(times.n).toBe(50);
  expect(times.firstCall).toBeGreaterThan(0);
  const { p50, p90, p95, p99, max } = times.chunk;
  expect([p50, p90, p95, p99, max]).toEqual([p50, p90, p95, p99, max].sort((a, b) => a - b));
  expect(p50).toBeGreaterThan(0);
  expect(times.perStep.p50).toBeCloseTo(p50 / 8, 12);
  expect(times.perStep.max).toBeCloseTo(max / 8, 12);
});
