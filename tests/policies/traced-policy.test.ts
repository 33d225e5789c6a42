import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseSampler } from '../../policies/config/choose-sampler.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { traceProgram } from '../../policies/engine/traced-program.ts';
import { openWebProgram } from '../../policies/engine/web.ts';
import { NetworkPolicy, samplerSetup } from '../../policies/network-policy.ts';
import { Random } from '../../policies/random.ts';
import { stepFunction } from '../../policies/samplers/compile.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { TracedPolicy } from '../../policies/traced-policy.ts';
import { LEARNERS, TINY_SPEC, tinyPolicy } from '../support/tiny-policy.ts';

/** Largest difference of plans that counts as none, of their largest number: untrained ones are large. */
const SAME = 1e-5;

beforeAll(() => {
  env.wasm.numThreads = 1;
});

async function trace(trained: ReturnType<typeof tinyPolicy>, batch: number): Promise<TracedPolicy> {
  const { weights, ...facts } = trained;
  const plan = createPlan(trained.spec.objective, chooseSampler(trained.spec.objective));
  const setup = samplerSetup(trained, plan, { batch, reader: null, guidance: 1 });
  const { fn, inputs } = stepFunction(setup);
  const program = await traceProgram(fn, inputs, weights, 'weights');
  expect(program.model.length).toBeLessThan(weights.byteLength + 40_000);
  const data = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const programs = [{ batch, attention: false }];
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

  it('refuses what no program was traced for, and says what there is', async () => {
    const policy = await trace(tinyPolicy(), 1);
    await expect(policy.prepare(3)).rejects.toThrow(/batch: expected 1, .*got 3/);
    await expect(policy.prepare(1, { inpainting: true })).rejects.toThrow('real-time');
    await expect(policy.prepare(1, { guidance: 2 })).rejects.toThrow(/guidance: expected 1/);
    await expect(policy.prepare(1, { attention: true })).rejects.toThrow(/expected none/);
  });

  it('is not opened from what is no program, and says how to make one', async () => {
    const runtime = { InferenceSession, Tensor };
    const program = { model: Uint8Array.of(1, 2, 3), shape: { inputs: [], outputs: [] } };
    const weights = { file: 'weights', data: new Uint8Array(4) };
    await expect(openWebProgram(runtime, program, weights)).rejects.toThrow(
      /expected a program for this version.*build the page again/,
    );
  });
});
