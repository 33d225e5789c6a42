import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { createPlan } from '../../policies/samplers/index.ts';
import { chooseSampler, type NetworkSpec, type ObjectiveSpec } from '../../policies/spec/index.ts';
import { relativeError } from '../support/engines.ts';
import { TINY_SPEC, tinyPolicy } from '../support/tiny-policy.ts';

const OBJECTIVES: readonly ObjectiveSpec[] = [
  { kind: 'regression' },
  { kind: 'diffusion', steps: 20, prediction: 'v' },
  { kind: 'flow' },
];
const LSTM: NetworkSpec = { kind: 'lstm', hidden: 12, embedding: 16 };
const POLICIES = [
  ...OBJECTIVES.map((objective) => ({ objective, network: TINY_SPEC.network })),
  { objective: OBJECTIVES[0], network: LSTM },
];

async function createPlanner(
  objective: ObjectiveSpec,
  batch: number,
  { sampler, network }: { sampler?: string; network?: NetworkSpec } = {},
) {
  const policy = tinyPolicy(objective, network);
  const plan = createPlan(
    objective,
    chooseSampler(objective, { sampler, nfe: sampler ? undefined : 3 }),
  );
  return Planner.create(createCompiledEngine(), policy, plan, batch);
}

const observationOf = (batch: number) =>
  Random.of(2)
    .fillNormal(new Float32Array(batch * 6))
    .map((x) => x / 3);
/** Streams of noise, one a row. */
const noiseOf = (batch: number, seed = 3) =>
  Array.from({ length: batch }, (_, row) => Random.of(seed, row));

describe.each(POLICIES)('a planner ($objective.kind, $network.kind)', ({ objective, network }) => {
  it('draws chunks in physical units', async () => {
    const planner = await createPlanner(objective, 4, { network });
    const chunks = await planner.draw(observationOf(4), noiseOf(4));
    expect(chunks).toHaveLength(4 * 8 * 2);
    // The gripper ranges over 0.08 m: even an untrained answer of a few units stays below this.
    for (let i = 1; i < chunks.length; i += 2) expect(Math.abs(chunks[i])).toBeLessThan(0.5);
  });

  it('gives a row of a batch what it gives alone', async () => {
    const batch = await (await createPlanner(objective, 4, { network })).draw(
      observationOf(4),
      noiseOf(4),
    );
    const alone = await createPlanner(objective, 1, { network });
    for (let row = 0; row < 4; row++) {
      const observation = observationOf(4).slice(row * 6, (row + 1) * 6);
      const chunk = await alone.draw(observation, [noiseOf(4)[row]]);
      expect(relativeError(chunk, batch.subarray(row * 16, (row + 1) * 16))).toBeLessThan(1e-4);
    }
  });
});

describe('the noise', () => {
  it('decides what a generative policy does, and nothing of what a regression does', async () => {
    for (const { objective, network } of POLICIES) {
      const planner = await createPlanner(objective, 2, { network });
      const first = await planner.draw(observationOf(2), noiseOf(2, 3));
      const second = await planner.draw(observationOf(2), noiseOf(2, 4));
      if (objective.kind === 'regression') expect(second).toEqual(first);
      else expect(relativeError(second, first)).toBeGreaterThan(0.01);
    }
  });
});

describe('a stochastic sampler', () => {
  it.each([10, 20])('draws from the rows’ own streams at every step, K = %d', async (steps) => {
    const objective = { kind: 'diffusion', steps, prediction: 'v' } as const;
    const planner = await createPlanner(objective, 2, { sampler: 'ddpm' });
    const chunks = await planner.draw(observationOf(2), noiseOf(2));
    expect(chunks.every(Number.isFinite)).toBe(true);
    expect(await planner.draw(observationOf(2), noiseOf(2))).toEqual(chunks);
    // Another stream for the second row changes the second row alone.
    const [first, second] = [noiseOf(2)[0], Random.of(99)];
    const other = await planner.draw(observationOf(2), [first, second]);
    expect(other.subarray(0, 16)).toEqual(chunks.subarray(0, 16));
    expect(other.subarray(16)).not.toEqual(chunks.subarray(16));
  });
});
