import { beforeAll, describe, expect, it } from 'vitest';
import { chooseSampler, type ObjectiveSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { pathOf } from '../../../policies/methods/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import { Normalizer } from '../../../policies/normalizer.ts';
import { Random, startingWith } from '../../../policies/random.ts';
import { createPlan } from '../../../policies/samplers/plan.ts';
import { relativeError } from '../../support/engines.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { tinyPolicy } from '../../support/tiny-policy.ts';

const DIFFUSION: ObjectiveSpec = { kind: 'diffusion', steps: 20, prediction: 'v' };
const FLOW: ObjectiveSpec = { kind: 'flow' };

/** Every sampler there is; some as one program, some as a loop over one step's. */
const DRAWN = [
  { objective: { kind: 'regression' } as ObjectiveSpec, sampler: 'direct' },
  { objective: DIFFUSION, sampler: 'ddim', nfe: 4 },
  { objective: DIFFUSION, sampler: 'ddim', nfe: 4, eta: 1 },
  { objective: DIFFUSION, sampler: 'ddim', nfe: 20 },
  { objective: DIFFUSION, sampler: 'ddpm' },
  { objective: DIFFUSION, sampler: 'dpm-solver++', nfe: 5 },
  { objective: FLOW, sampler: 'euler', nfe: 4 },
  { objective: FLOW, sampler: 'euler', nfe: 18 },
  { objective: FLOW, sampler: 'heun', nfe: 5 },
  { objective: FLOW, sampler: 'one-step' },
  { objective: FLOW, sampler: 'renoise', nfe: 4 },
];

const BATCH = 2;
/** Tp·Da of the tiny policy. */
const SIZE = 16;
const observation = () => Random.of(2).fillNormal(new Float32Array(BATCH * 6));
const streams = () => Array.from({ length: BATCH }, (_, row) => Random.of(3, row));

async function drawBoth({ objective, ...choice }: (typeof DRAWN)[number]) {
  const trained = tinyPolicy(objective);
  const policy = new NetworkPolicy(createCompiledEngine(), trained);
  const sampler = chooseSampler(objective, choice);
  const plain = await policy.prepare(BATCH, { sampler });
  const keeping = await policy.prepare(BATCH, { sampler, states: true });
  return {
    plan: createPlan(objective, sampler),
    action: new Normalizer(trained.actionRange),
    plain: await plain.draw(observation(), streams()),
    keeping: await keeping.draw(observation(), streams()),
  };
}

describe.each(DRAWN)('$sampler of $nfe evaluations, whose states are kept,', (drawn) => {
  let both: Awaited<ReturnType<typeof drawBoth>>;
  beforeAll(async () => {
    both = await drawBoth(drawn);
  });

  it('draws the same chunk to the bit, and stands at the noise first', () => {
    const { plan, action, plain, keeping } = both;
    expect(keeping.chunk).toEqual(plain.chunk);
    expect(plain.states).toEqual([]);
    expect(keeping.states.map(({ time }) => time)).toEqual(plan.map(({ time }) => time));
    const noise = new Float32Array(BATCH * SIZE);
    if (drawn.objective.kind !== 'regression') {
      streams().forEach((stream, row) => {
        stream.fillNormal(noise.subarray(row * SIZE, (row + 1) * SIZE));
      });
    }
    expect(keeping.states[0].chunk).toEqual(action.denormalize(noise));
  });

  it('goes from state to state by its own coefficients, where it adds no noise', () => {
    const { plan, action, keeping } = both;
    const normal = (chunk: Float32Array) => action.normalize(chunk.slice());
    const path = pathOf(drawn.objective);
    const chunks = [...keeping.states.map(({ chunk }) => chunk), keeping.chunk].map(normal);
    // y from the estimate: what most samplers step along is a velocity on a flow's path.
    const isAlong = path?.velocity && drawn.sampler !== 'renoise';
    const ys = keeping.states.map(({ time, estimate }, i) => {
      const data = normal(estimate);
      return isAlong ? data.map((value, j) => (value - chunks[i][j]) / (1 - time)) : data;
    });
    plan.forEach(({ time, next }, i) => {
      // On a flow the estimate at τ = 1 is the chunk itself and says nothing of the velocity.
      if (next.noise > 0 || time === 1) return;
      const before = i > 0 ? ys[i - 1] : ys[i];
      const went = chunks[i].map(
        (x, j) => next.x * x + next.y * ys[i][j] + next.previousY * before[j],
      );
      expect(relativeError(went, chunks[i + 1])).toBeLessThan(1e-3);
    });
  });
});

describe('a sampler that loops over one step', () => {
  it('draws the same chunks to the bit, with one program for any number of evaluations', async () => {
    const programs = new MemoryStore();
    const policy = new NetworkPolicy(createCompiledEngine({ programs }), tinyPolicy(FLOW));
    for (const nfe of [2, 3]) {
      const sampler = chooseSampler(FLOW, { sampler: 'euler', nfe });
      const looping = await policy.prepare(BATCH, { sampler, states: true, looped: true });
      expect(programs.entries.size).toBe(1);
      const plain = await new NetworkPolicy(createCompiledEngine(), tinyPolicy(FLOW)).prepare(
        BATCH,
        { sampler },
      );
      const { chunk, states } = await looping.draw(observation(), streams());
      expect(chunk).toEqual((await plain.draw(observation(), streams())).chunk);
      expect(states).toHaveLength(nfe);
    }
  });
});

describe('noise of one’s own', () => {
  const policy = new NetworkPolicy(createCompiledEngine(), tinyPolicy(DIFFUSION));
  const sampler = chooseSampler(DIFFUSION, { sampler: 'ddpm' });

  it('that is a stream’s gives the plan of the stream to the bit, fresh noise included', async () => {
    const planner = await policy.prepare(1, { sampler });
    const { chunk } = await planner.draw(observation().slice(0, 6), [Random.of(5)]);
    const noise = Random.of(5).fillNormal(new Float32Array(SIZE));
    const given = startingWith(noise, Random.of(5));
    expect((await planner.draw(observation().slice(0, 6), [given])).chunk).toEqual(chunk);
    const other = startingWith(noise.map(Math.abs), Random.of(5));
    expect((await planner.draw(observation().slice(0, 6), [other])).chunk).not.toEqual(chunk);
  });
});
