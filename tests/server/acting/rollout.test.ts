import { describe, expect, it } from 'vitest';
import { type RolloutResult, rollOut, tcpPath } from '../../../server/acting/rollout.ts';
import { ACTION_DIM, Episode } from '../../../sim/index.ts';
import { imitator } from '../../support/imitator.ts';
import { positionOf, referenceChain } from '../../support/reference-kinematics.ts';
import { SCRIPTED_SPEC, type Script, ScriptedPolicy } from '../../support/scripted-policy.ts';
import { demonstrateMode, HOLD, initial, rapier, task } from '../../support/simulation.ts';

const START_SEED = 5;
const LEFT = demonstrateMode('left', START_SEED);
const RIGHT = demonstrateMode('right', START_SEED);
const { predHorizon } = SCRIPTED_SPEC;

interface Setting {
  readonly batch?: number;
  readonly actionHorizon?: number;
  /** Noise key of each rollout. */
  readonly keys?: readonly (readonly number[])[];
  readonly onEnded?: (result: RolloutResult) => void;
}

async function roll(
  script: Script,
  { batch = 2, actionHorizon = 16, keys = [[0, 0]], onEnded = () => {} }: Setting = {},
): Promise<RolloutResult[]> {
  const planner = await new ScriptedPolicy(script).prepare(batch);
  const requests = keys.map((noiseKey) => ({ initial, noiseKey }));
  return rollOut(rapier, task, planner, requests, { actionHorizon, onEnded });
}

/** Actions of a demonstration from a frame on, its last repeated: [Tp, Da]. */
function actionsFrom({ action, length }: typeof LEFT, frame: number): number[] {
  return Array.from({ length: predHorizon }, (_, i) => {
    const at = Math.min(length - 1, frame + i) * ACTION_DIM;
    return Array.from(action.subarray(at, at + ACTION_DIM));
  }).flat();
}

/** A script whose every row answers the nth call with the nth of these chunks. */
function inTurn(chunkOf: (call: number) => readonly number[]): Script {
  let call = 0;
  return ({ noise }) => {
    const chunk = chunkOf(call++);
    return Float32Array.from(noise, (_, i) => chunk[i % chunk.length]);
  };
}

/** Of an episode that takes these commands. */
function hashOf(commands: readonly (readonly number[])[]): string {
  const episode = Episode.create(rapier, task, initial);
  for (const command of commands) episode.step(command);
  const { hash } = episode;
  episode.free();
  return hash;
}

const holdStill = inTurn(() => Array.from({ length: predHorizon }, () => HOLD).flat());

describe('a rollout', () => {
  it('grasps the ball where its plans continue a demonstration', async () => {
    const [result] = await roll(imitator([LEFT]));
    expect(result).toMatchObject({
      success: true,
      contact: false,
      mode: 'left',
      firstPlan: 'left',
      switched: false,
    });
    expect(result.steps).toBeLessThanOrEqual(LEFT.length);
    expect(result.steps).toBeGreaterThan(LEFT.length - 30);
    expect(result.seam).toEqual({ squares: 0, count: 7 * Math.floor((result.steps - 1) / 16) });
  });

  it('runs into the post where its plans are the average of both sides', async () => {
    const average = (call: number) => {
      const right = actionsFrom(RIGHT, 16 * call);
      return actionsFrom(LEFT, 16 * call).map((value, i) => (value + right[i]) / 2);
    };
    const [result] = await roll(inTurn(average));
    expect(result).toMatchObject({ success: false, contact: true, firstPlan: 'invalid' });
    expect(result.steps).toBeLessThan(LEFT.length);
  });

  it('ends at the time limit where the arm rests', async () => {
    const [result] = await roll(holdStill);
    expect(result).toEqual({
      success: false,
      contact: false,
      mode: null,
      lifted: null,
      steps: task.timeLimit * 20,
      firstPlan: null,
      plans: new Array(10).fill(null),
      replayHash: hashOf(new Array(task.timeLimit * 20).fill(HOLD)),
      switched: false,
      seam: { squares: expect.any(Number), count: 7 * 9 },
      motion: {
        seams: { squares: 0, count: 7 * 9 },
        // One more before a plan that comes too late.
        beside: { squares: 0, count: 7 * (2 * 9 + 1) },
      },
      smoothness: {
        jerk: { count: task.timeLimit * 20 - 2, sum: expect.any(Number), max: expect.any(Number) },
        seamVelocity: { count: 9, sum: expect.any(Number), max: expect.any(Number) },
      },
      offset: { plan: null, hand: null },
    });
  });

  it('switches where successive plans go round other sides, and jumps at the seam', async () => {
    const alternating = inTurn((call) => actionsFrom(call % 2 === 0 ? LEFT : RIGHT, call));
    const [result] = await roll(alternating, { actionHorizon: 1 });
    expect(result.firstPlan).toBe('left');
    expect(result.switched).toBe(true);
    expect(result.seam.count).toBe(7 * (result.steps - 1));
    const expected = [0, 1, 2, 3, 4, 5, 6].reduce(
      (sum, i) => sum + (LEFT.action[ACTION_DIM + i] - RIGHT.action[ACTION_DIM + i]) ** 2,
      0,
    );
    expect(result.seam.squares).toBeGreaterThan(expected);
  });

  it('asks for the next plan when its action horizon is used up', async () => {
    for (const [actionHorizon, plans] of [
      [32, 5],
      [16, 10],
      [7, 23],
    ]) {
      let calls = 0;
      const counted: Script = (inputs) => {
        calls++;
        return holdStill(inputs);
      };
      await roll(counted, { actionHorizon });
      expect(calls).toBe(plans);
    }
  });

  it('sees the present twice at first, then the last two control steps', async () => {
    const seen: Float32Array[] = [];
    const script = imitator([LEFT]);
    await roll(
      (inputs) => {
        seen.push(inputs.observation.slice(0, 28));
        return script(inputs);
      },
      { actionHorizon: 8 },
    );
    const frame = (t: number) => [
      ...LEFT.state.subarray(t * 8, (t + 1) * 8),
      ...LEFT.environment.subarray(t * 6, (t + 1) * 6),
    ];
    expect(Array.from(seen[0])).toEqual([...frame(0), ...frame(0)]);
    expect(Array.from(seen[1])).toEqual([...frame(7), ...frame(8)]);
    expect(Array.from(seen[2])).toEqual([...frame(15), ...frame(16)]);
  });
});

describe('many rollouts', () => {
  const keys = [0, 1, 2, 3, 4].map((noise) => [1, noise]);
  const choose = imitator([LEFT, RIGHT]);

  it('from one start differ by their noise alone', async () => {
    const results = await roll(choose, { keys });
    expect(new Set(results.map(({ mode }) => mode))).toEqual(new Set(['left', 'right']));
    expect(results.every(({ success }) => success)).toBe(true);
    const same = await roll(choose, { keys: [keys[1], keys[1], keys[1]] });
    expect(same).toEqual([results[1], results[1], results[1]]);
  });

  it('are the same ones, in the same order, whatever the batch', async () => {
    const expected = await roll(choose, { keys, batch: 5 });
    for (const batch of [1, 2, 8]) {
      expect(await roll(choose, { keys, batch }), `batch ${batch}`).toEqual(expected);
    }
  });

  it('are told of as they end, each once', async () => {
    const ended: RolloutResult[] = [];
    const results = await roll(choose, { keys, batch: 2, onEnded: (each) => ended.push(each) });
    const sorted = (list: readonly RolloutResult[]) =>
      list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(ended)).toEqual(sorted(results));
  });

  it('are none where none are asked for', async () => {
    expect(await roll(choose, { keys: [] })).toEqual([]);
  });
});

it('the path of a chunk is where the arm’s own kinematics puts the hand', () => {
  const chunk = LEFT.action.subarray(0, 5 * ACTION_DIM);
  const expected = [0, 1, 2, 3, 4].map((t) => {
    const pose = referenceChain(chunk.subarray(t * ACTION_DIM, t * ACTION_DIM + 7)).at(-1);
    return pose ? positionOf(pose) : [];
  });
  tcpPath(chunk).forEach((point, t) => {
    point.forEach((value, axis) => {
      expect(value).toBeCloseTo(expected[t][axis], 9);
    });
  });
});
