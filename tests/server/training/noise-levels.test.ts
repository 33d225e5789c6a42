import { describe, expect, it } from 'vitest';
import { normalizersOf, trainingWindows } from '../../../demos/windows.ts';
import type { PolicySpec } from '../../../policies/config/index.ts';
import { migrateMethod } from '../../../policies/methods/index.ts';
import type { TrainedPolicy } from '../../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../../policies/networks/create.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import { Random } from '../../../policies/random.ts';
import { lossByNoiseLevel, measureNoiseLevels } from '../../../server/training/noise-levels.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { TINY_SPEC } from '../../support/tiny-policy.ts';

const engine = keepingEngine();
const demonstrations = [demonstrateMode('left', 1), demonstrateMode('right', 1)];
const normalizers = normalizersOf(demonstrations);

/** A policy whose weights are all 0 answers 0 whatever it is asked. */
function policyOf(objective: PolicySpec['objective'], silent = true): TrainedPolicy {
  const spec = { ...TINY_SPEC, objective };
  const dims = { observationDim: normalizers.observation.size, actionDim: 8 };
  const { table } = createNetwork(spec, networkShape(spec, dims));
  return {
    method: migrateMethod(spec),
    spec,
    ...dims,
    observationRange: normalizers.observation.range,
    actionRange: normalizers.action.range,
    weights: silent ? new Float32Array(table.size) : table.initialize(Random.of(1)),
  };
}

/** Mean square of all normalised actions, as windows hold them. */
function meanSquare(): number {
  const { chunks } = trainingWindows(demonstrations, normalizers, TINY_SPEC);
  return chunks.reduce((sum, value) => sum + value * value, 0) / chunks.length;
}

describe('the loss of a network that answers 0', () => {
  it('is the mean square of the velocity at every flow time: E a² + 1', async () => {
    const { bins, objective, prediction } = await lossByNoiseLevel(
      engine,
      policyOf({ kind: 'flow' }),
      demonstrations,
      5,
    );
    expect([objective, prediction]).toEqual(['flow', null]);
    for (const { loss, standardError } of bins) {
      expect(Math.abs(loss - (meanSquare() + 1))).toBeLessThan(5 * standardError);
      // The same windows and noise at each level: a target that does not depend on it is the same.
      expect(loss).toBeCloseTo(bins[0].loss, 5);
    }
  });

  it('is that of v by the schedule: ᾱ + (1 − ᾱ)·E a², averaged over the diffusion steps', async () => {
    const steps = 40;
    const alphaBar = squaredCosineSchedule(steps);
    const policy = policyOf({ kind: 'diffusion', steps, prediction: 'v' });
    const { bins } = await lossByNoiseLevel(engine, policy, demonstrations, 10);
    for (const { from, to, loss, standardError } of bins) {
      const ks = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const kept = ks.reduce((sum, k) => sum + alphaBar[k], 0) / ks.length;
      const expected = kept + (1 - kept) * meanSquare();
      // Which of its steps a level draws varies as well.
      expect(Math.abs(loss - expected)).toBeLessThan(5 * standardError + 0.03);
    }
  });

  it('is 1 at every level where it is to say the noise', async () => {
    const policy = policyOf({ kind: 'diffusion', steps: 40, prediction: 'epsilon' });
    const { bins } = await lossByNoiseLevel(engine, policy, demonstrations, 4);
    for (const { loss, standardError } of bins) {
      expect(Math.abs(loss - 1)).toBeLessThan(5 * standardError);
    }
  });
});

describe('the noise levels', () => {
  it('are all diffusion steps, each once, from data to noise', async () => {
    const policy = policyOf({ kind: 'diffusion', steps: 100, prediction: 'v' });
    for (const bins of [2, 7, 10, 40]) {
      const { bins: levels } = await lossByNoiseLevel(engine, policy, demonstrations, bins);
      const ks = levels.flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      );
      expect(ks).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      expect(levels).toHaveLength(bins);
    }
  });

  it('are all flow times, from data to noise', async () => {
    const policy = policyOf({ kind: 'flow' });
    const { bins } = await lossByNoiseLevel(engine, policy, demonstrations, 4);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([
      [0.75, 1],
      [0.5, 0.75],
      [0.25, 0.5],
      [0, 0.25],
    ]);
  });

  it('give the same losses when measured again', async () => {
    const policy = policyOf({ kind: 'flow' }, false);
    const first = await lossByNoiseLevel(engine, policy, demonstrations, 3);
    expect(await lossByNoiseLevel(engine, policy, demonstrations, 3)).toEqual(first);
    expect(new Set(first.bins.map(({ loss }) => loss)).size).toBe(3);
  });

  it('are not those of a regression, which noises nothing', async () => {
    await expect(
      lossByNoiseLevel(engine, policyOf({ kind: 'regression' }), demonstrations, 3),
    ).rejects.toThrow(/noised chunks, got a regression/);
  });
});

describe('a policy that ships', () => {
  const policy = { kind: 'shipped', name: 'flow' } as const;

  it('is measured on the demonstrations that are named', async () => {
    const workspace = await temporaryWorkspace();
    const dataset = await workspace.datasets.create('demos', { task: 'left-right', controlHz: 20 });
    await dataset.append(demonstrations);
    const request = { policy, dataset: 'demos', bins: 2 };
    const levels = await measureNoiseLevels(workspace, engine, request);
    expect(levels).toMatchObject({ policy: 'flow', dataset: 'demos', episodes: 2, draws: 512 });
    // Trained, it is far better than one that answers 0, of demonstrations it has not seen.
    for (const { loss } of levels.bins) expect(loss).toBeLessThan(0.2);
  });

  it('needs some to be named, of its own task and rate', async () => {
    const workspace = await temporaryWorkspace();
    await expect(measureNoiseLevels(workspace, engine, { policy, bins: 2 })).rejects.toThrow(
      /expected one to measure on/,
    );
    await workspace.datasets.create('fast', { task: 'left-right', controlHz: 50 });
    await expect(
      measureNoiseLevels(workspace, engine, { policy, dataset: 'fast', bins: 2 }),
    ).rejects.toThrow(/expected left-right at 20 Hz as the policy, got left-right at 50 Hz/);
    await workspace.datasets.create('empty', { task: 'left-right', controlHz: 20 });
    await expect(
      measureNoiseLevels(workspace, engine, { policy, dataset: 'empty', bins: 2 }),
    ).rejects.toThrow(/expected an episode, got none/);
  });
});
