import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import type { Planner } from '../../../policies/policy.ts';
import { Random } from '../../../policies/random.ts';
import { prefixWeights } from '../../../policies/samplers/known-actions.ts';
import { type RolloutResult, rollOut, tcpPath } from '../../../server/acting/rollout.ts';
import type { Chunking } from '../../../server/protocol/chunking.ts';
import { loadPolicy } from '../../../server/storage/open-policy.ts';
import { ACTION_DIM, JOINT_COUNT } from '../../../sim/index.ts';
import { imitator } from '../../support/imitator.ts';
import {
  SCRIPTED_SPEC,
  type Script,
  ScriptedPolicy,
  type ScriptInputs,
} from '../../support/scripted-policy.ts';
import { demonstrateMode, HOLD, initial, rapier, task } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const LEFT = demonstrateMode('left', 5);
const RIGHT = demonstrateMode('right', 5);
const { predHorizon } = SCRIPTED_SPEC;
const TIME_LIMIT = task.timeLimit * 20;

async function roll(
  script: Script,
  chunking: Chunking,
  { actionHorizon = 16, keys = [[0, 0]] }: { actionHorizon?: number; keys?: number[][] } = {},
): Promise<RolloutResult[]> {
  const inpainting = chunking.scheme === 'real-time';
  const planner = await new ScriptedPolicy(script).prepare(1, { inpainting });
  const requests = keys.map((noiseKey) => ({ initial, noiseKey }));
  return rollOut(rapier, task, planner, requests, { actionHorizon, chunking });
}

/** Answers the nth call with a chunk that holds the joints `offset(n)` rad away from rest. */
function resting(offset: (call: number) => number): { script: Script; calls: () => number } {
  let call = 0;
  const script: Script = ({ noise }) => {
    const moved = HOLD.map((value, i) => (i < JOINT_COUNT ? value + offset(call) : value));
    call++;
    return Float32Array.from(noise, (_, i) => moved[i % ACTION_DIM]);
  };
  return { script, calls: () => call };
}

describe('a rollout whose plans take time', () => {
  const keys = [0, 1, 2].map((noise) => [1, noise]);

  it('is without delay the same asynchronous as synchronous, to the bit', async () => {
    const choose = imitator([LEFT, RIGHT]);
    const expected = await roll(choose, { scheme: 'synchronous', delay: 0 }, { keys });
    expect(new Set(expected.map(({ mode }) => mode)).size).toBe(2);
    expect(await roll(choose, { scheme: 'asynchronous', delay: 0 }, { keys })).toEqual(expected);
  });

  it('loses the delay at each plan but the first where the arm waits', async () => {
    const script = imitator([LEFT]);
    const [prompt] = await roll(script, { scheme: 'synchronous', delay: 0 });
    const [delayed] = await roll(script, { scheme: 'synchronous', delay: 3 });
    expect(delayed.success).toBe(true);
    const waits = Math.ceil(prompt.steps / 16) - 1;
    expect(delayed.steps - prompt.steps).toBeGreaterThanOrEqual(3 * (waits - 1));
    expect(delayed.steps - prompt.steps).toBeLessThanOrEqual(3 * (waits + 2));
  });

  it('loses none where the last plan goes on meanwhile', async () => {
    const script = imitator([LEFT]);
    const [prompt] = await roll(script, { scheme: 'synchronous', delay: 0 });
    for (const scheme of ['asynchronous', 'real-time', 'ensembling'] as const) {
      const [delayed] = await roll(script, { scheme, delay: 8 });
      expect(delayed.success, scheme).toBe(true);
      expect(Math.abs(delayed.steps - prompt.steps), scheme).toBeLessThan(10);
    }
  });

  it.each<[Chunking, number]>([
    [{ scheme: 'synchronous', delay: 4 }, Math.ceil((TIME_LIMIT + 4) / 20)],
    [{ scheme: 'asynchronous', delay: 4 }, TIME_LIMIT / 16],
    [{ scheme: 'real-time', delay: 4 }, TIME_LIMIT / 16],
    [{ scheme: 'ensembling', delay: 4 }, TIME_LIMIT / 4],
    [{ scheme: 'ensembling', delay: 0 }, TIME_LIMIT],
  ])('plans as often as it can: %o asks %d times in a whole attempt', async (chunking, plans) => {
    const { script, calls } = resting(() => 0);
    await roll(script, chunking);
    expect(calls()).toBe(plans);
  });

  it('jumps at its seams by what its plans differ, and is at rest beside them', async () => {
    const { script } = resting((call) => (call % 2 === 0 ? 0 : 0.01));
    const [{ motion }] = await roll(script, { scheme: 'asynchronous', delay: 4 });
    const seams = TIME_LIMIT / 16 - 1;
    expect(motion.seams.count).toBe(JOINT_COUNT * seams);
    expect(Math.sqrt(motion.seams.squares / motion.seams.count)).toBeCloseTo(0.01, 6);
    expect(motion.beside).toEqual({ squares: 0, count: JOINT_COUNT * 2 * seams });
  });

  it('follows the mean of all plans where it is ensembling', async () => {
    const offset = (plan: number) => (plan % 2 === 0 ? 0 : 0.01);
    const { script } = resting(offset);
    const [{ motion }] = await roll(script, { scheme: 'ensembling', delay: 8 });
    // In the eight steps from 8j on, plans j − 3 … j − 1 are there and not yet at their end.
    const means = Array.from({ length: TIME_LIMIT / 8 }, (_, j) => {
      const plans = j < 2 ? [0] : [j - 3, j - 2, j - 1].filter((plan) => plan >= 0);
      const weights = plans.map((_, i) => Math.exp(-0.01 * i));
      const total = weights.reduce((sum, weight) => sum + weight);
      return plans.reduce((sum, plan, i) => sum + (weights[i] / total) * offset(plan), 0);
    });
    const squares = means.slice(2).reduce((sum, mean, i) => sum + (mean - means[i + 1]) ** 2, 0);
    expect(motion.seams.count).toBe(JOINT_COUNT * (means.length - 2));
    expect(Math.sqrt(motion.seams.squares)).toBeCloseTo(Math.sqrt(JOINT_COUNT * squares), 5);
  });

  it('hands on what its last chunk has left, frozen as far as the delay, in real time', async () => {
    const seen: ScriptInputs[] = [];
    const chunks: Float32Array[] = [];
    const script: Script = (inputs) => {
      seen.push({ ...inputs, known: inputs.known.slice(), weight: inputs.weight.slice() });
      const chunk = Float32Array.from(inputs.noise, (_, i) => HOLD[i % ACTION_DIM] + i * 1e-5);
      chunks.push(chunk.slice());
      return chunk;
    };
    await roll(script, { scheme: 'real-time', delay: 4 }, { actionHorizon: 20 });
    expect(seen[0].weight).toEqual(new Float32Array(predHorizon));
    expect(seen[1].weight).toEqual(prefixWeights(predHorizon, 4, 12));
    const left = chunks[0].subarray(20 * ACTION_DIM);
    expect(seen[1].known.subarray(0, left.length)).toEqual(left);
  });
});

describe('the flow that ships', () => {
  it('mostly goes on on the side that its last plan took, whatever its noise', async () => {
    const policy = await loadPolicy(await temporaryWorkspace(), { kind: 'shipped', name: 'flow' });
    const sampler = { kind: 'euler', steps: 5 } as const;
    const batch = 64;
    const size = policy.spec.predHorizon * ACTION_DIM;
    const sideOf = (chunk: Float32Array) => task.classifyPath(tcpPath(chunk));
    const observed = Float32Array.from([
      ...LEFT.state.subarray(0, 8),
      ...LEFT.environment.subarray(0, 6),
    ]);
    const drawFrom = async (planner: Planner, seed: number, known?: Float32Array) => {
      const rows = Array.from({ length: 2 * batch }, () => Array.from(observed)).flat();
      const streams = Array.from({ length: batch }, (_, row) => Random.of(seed, row));
      const weights = Array.from(prefixWeights(policy.spec.predHorizon, 8, 24));
      const { chunk } = await planner.draw(Float32Array.from(rows), streams, {
        ...(known && {
          known: {
            actions: Float32Array.from({ length: batch * size }, (_, i) => known[i % size]),
            weight: Float32Array.from(Array.from({ length: batch }, () => weights).flat()),
          },
        }),
      });
      return Array.from({ length: batch }, (_, i) => chunk.slice(i * size, (i + 1) * size));
    };
    const flow = new NetworkPolicy(createCompiledEngine(), policy);
    const free = await flow.prepare(batch, { sampler });
    const guided = await flow.prepare(batch, { sampler, inpainting: true });
    const drawn = await drawFrom(free, 1);
    const unguided = (await drawFrom(free, 2)).map(sideOf);
    for (const side of ['left', 'right']) {
      const known = drawn.find((chunk) => sideOf(chunk) === side);
      if (!known) throw new Error(`none of ${batch} plans went ${side}`);
      const sides = (await drawFrom(guided, 2, known)).map(sideOf);
      const share = (of: typeof sides) => of.filter((each) => each === side).length / batch;
      expect(share(sides)).toBeGreaterThan(share(unguided));
      expect(share(sides)).toBeGreaterThanOrEqual(0.75);
    }
    await free.dispose();
    await guided.dispose();
  });
});
