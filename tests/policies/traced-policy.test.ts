import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseSampler } from '../../policies/config/choose-sampler.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { traceProgram } from '../../policies/engine/traced-program.ts';
import { openWebProgram } from '../../policies/engine/web.ts';
import { NetworkPolicy, samplerSetup } from '../../policies/network-policy.ts';
import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { stepFunction } from '../../policies/samplers/compile.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { Reader } from '../../policies/text/reader.ts';
import { TracedPolicy } from '../../policies/traced-policy.ts';
import { LEARNERS, TINY_SPEC, tinyPolicy } from '../support/tiny-policy.ts';
import { tinyReader } from '../support/tiny-reader.ts';

/** Largest difference of plans that counts as none, of their largest number: untrained ones are large. */
const SAME = 1e-5;

beforeAll(() => {
  env.wasm.numThreads = 1;
});

async function trace(
  trained: ReturnType<typeof tinyPolicy>,
  batch: number,
  attention = false,
): Promise<TracedPolicy> {
  const { weights, ...facts } = trained;
  const { condition } = trained.spec;
  const reader = condition ? await Reader.create(condition.text) : null;
  const plan = createPlan(trained.spec.objective, chooseSampler(trained.spec.objective));
  const setup = samplerSetup(trained, plan, { batch, reader, guidance: 1 });
  const { fn, inputs } = stepFunction({ ...setup, attention });
  const program = await traceProgram(fn, inputs, weights, 'weights');
  expect(program.model.length).toBeLessThan(weights.byteLength + 40_000);
  const data = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const programs = [{ batch, attention }];
  const runtime = { InferenceSession, Tensor };
  return new TracedPolicy({ ...facts, parameters: weights.length, programs }, () =>
    openWebProgram(runtime, program, { file: 'weights', data }),
  );
}

const streams = (batch: number) => Array.from({ length: batch }, (_, row) => Random.of(3, row));

describe('a policy whose program was traced beforehand', () => {
  it.each(LEARNERS)('draws in WebAssembly what the server draws: $objective', async (learner) => {
    const trained = tinyPolicy(learner.objective, learner.network);
    const batch = 2;
    const size = batch * trained.spec.obsHorizon * trained.observationDim;
    const seen = () => Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 2);
    const [there, here] = await Promise.all([
      new NetworkPolicy(createCompiledEngine(), trained).prepare(batch),
      (await trace(trained, batch)).prepare(batch),
    ]);
    const [a, b] = await Promise.all(
      [there, here].map((planner) => planner.draw(seen(), streams(batch))),
    );
    expect(b.chunk.length).toBe(a.chunk.length);
    expect(a.chunk.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    const apart = a.chunk.map((value, i) => Math.abs(value - b.chunk[i]));
    const largest = Math.max(1, ...a.chunk.map(Math.abs));
    expect(Math.max(...apart)).toBeLessThan(SAME * largest);
    expect(here.nfe).toBe(there.nfe);
    expect(here.policy).toEqual(there.policy);
    await Promise.all([there.dispose(), here.dispose()]);
  });

  it('is drawn with any number of network calls, and keeps its states', async () => {
    const policy = await trace(tinyPolicy(), 1);
    const sampler = chooseSampler(TINY_SPEC.objective, { nfe: 3 });
    const planner = await policy.prepare(1, { sampler, states: true });
    const { obsHorizon, observationDim } = policy.describe();
    const seen = new Float32Array(obsHorizon * observationDim);
    const { states, chunk } = await planner.draw(seen, streams(1));
    expect(planner.nfe).toBe(3);
    expect(states.length).toBe(3);
    for (const [i, { time }] of states.entries()) expect(time).toBeCloseTo(i / 3);
    expect(states[0].chunk.length).toBe(chunk.length);
    await planner.dispose();
  });

  it.each([
    { guidance: 0, objective: { kind: 'flow' } },
    { guidance: 4, objective: { kind: 'flow' } },
    // Its estimates are clipped, and its steps take fresh noise.
    { guidance: 4, objective: { kind: 'diffusion', steps: 10, prediction: 'v' } },
  ] as const)('weighs what it is told as the server does: w = $guidance', async (row) => {
    const { guidance, objective } = row;
    const trained = tinyReader(objective);
    const batch = 2;
    const size = batch * trained.spec.obsHorizon * trained.observationDim;
    const seen = () => Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 2);
    const eta = objective.kind === 'diffusion' ? { eta: 1 } : {};
    const sampler = chooseSampler(objective, { nfe: 3, ...eta });
    const options = { guidance, sampler, attention: true };
    const there = await new NetworkPolicy(createCompiledEngine(), trained).prepare(batch, options);
    const traced = await trace(trained, batch, true);
    const here = await traced.prepare(batch, options);
    const unguided = await traced.prepare(batch, { ...options, guidance: 1 });
    const told = { instructions: ['red apple', 'the green'] };
    const draw = (planner: Planner) => planner.draw(seen(), streams(batch), told);
    const [a, b, c] = [await draw(there), await draw(here), await draw(unguided)];
    const apart = (other: typeof a) =>
      Math.max(...a.chunk.map((value, i) => Math.abs(value - other.chunk[i])));
    const largest = Math.max(1, ...a.chunk.map(Math.abs));
    expect(apart(b)).toBeLessThan(SAME * largest);
    expect(apart(c)).toBeGreaterThan(100 * SAME * largest);
    expect(here.nfe).toBe(guidance === 0 ? 3 : 6);
    expect(here.nfe).toBe(there.nfe);
    expect(b.attention.length).toBe(3);
    for (const [i, { blocks }] of a.attention.entries()) {
      for (const [name, { data }] of blocks) {
        const looked = b.attention[i].blocks.get(name)?.data;
        expect(looked?.length).toBe(data.length);
        for (const [k, value] of data.entries()) expect(looked?.[k]).toBeCloseTo(value, 4);
      }
    }
    await Promise.all([there, here, unguided].map((planner) => planner.dispose()));
  });

  it('opens and draws beside others as it does alone', async () => {
    const flow = tinyPolicy();
    // Equal but for its numbers, which lie in a file of the same name.
    const other = { ...flow, weights: flow.weights.map((weight) => -weight) };
    const policies = [await trace(flow, 1), await trace(other, 1), await trace(flow, 1)];
    const draw = (planner: Planner) => {
      const { obsHorizon, observationDim } = planner.policy;
      return planner.draw(new Float32Array(obsHorizon * observationDim).fill(0.1), streams(1));
    };
    const alone: Float32Array[] = [];
    for (const policy of policies) {
      const planner = await policy.prepare(1);
      alone.push((await draw(planner)).chunk);
      await planner.dispose();
    }
    expect(alone[1]).not.toEqual(alone[0]);
    const planners = await Promise.all(policies.map((policy) => policy.prepare(1)));
    const twice = [...planners, ...planners];
    const together = await Promise.all(twice.map(draw));
    expect(together.map(({ chunk }) => chunk)).toEqual([...alone, ...alone]);
    await Promise.all(planners.map((planner) => planner.dispose()));
  });

  it('refuses what no program was traced for, and says what there is', async () => {
    const policy = await trace(tinyPolicy(), 1);
    await expect(policy.prepare(3)).rejects.toThrow(/batch: expected 1, .*got 3/);
    await expect(policy.prepare(1, { inpainting: true })).rejects.toThrow('real-time');
    await expect(policy.prepare(1, { guidance: 2 })).rejects.toThrow('reads no instruction');
    await expect(policy.prepare(1, { attention: true })).rejects.toThrow(/expected none/);
  });

  it('is not opened from what is no program, says how to make one, and keeps no other waiting', async () => {
    const runtime = { InferenceSession, Tensor };
    const program = { model: Uint8Array.of(1, 2, 3), shape: { inputs: [], outputs: [] } };
    const weights = { file: 'weights', data: new Uint8Array(4) };
    await expect(openWebProgram(runtime, program, weights)).rejects.toThrow(
      /expected a program for this version.*build the page again/,
    );
    const planner = await (await trace(tinyPolicy(), 1)).prepare(1);
    await planner.dispose();
  });
});
