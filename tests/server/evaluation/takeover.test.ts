import { beforeAll, expect, it } from 'vitest';
import { leftRightExpert } from '../../../demos/experts/left-right.ts';
import {
  type Attempt,
  attempt,
  correct,
  whenToTakeOver,
} from '../../../server/evaluation/takeover.ts';
import { ACTION_DIM, Episode } from '../../../sim/index.ts';
import { leftRight } from '../../../sim/tasks/left-right/task.ts';
import { ScriptedPolicy } from '../../support/scripted-policy.ts';
import { rapier } from '../../support/simulation.ts';

const initial = leftRight.sampleInitialState(5);
const ORIGIN = { controlHz: 20, expertSeed: 1, noise: 0, startSeed: 5 } as const;

/** Goes straight ahead, until it touches the post. */
const ahead = new ScriptedPolicy(({ observation }) => {
  const chunk = new Float32Array(32 * ACTION_DIM);
  const state = observation.subarray(14, 14 + ACTION_DIM);
  for (let row = 0; row < 32; row++) {
    chunk.set(state, row * ACTION_DIM);
    // Shoulder forward, elbow out.
    chunk[row * ACTION_DIM + 1] += 0.03 * (row + 1);
    chunk[row * ACTION_DIM + 3] += 0.02 * (row + 1);
  }
  return chunk;
});
const act = async () =>
  attempt(rapier, leftRight, await ahead.prepare(1), { initial, noiseKey: [1] }, 8);

let failed: Attempt;
beforeAll(async () => {
  failed = await act();
});

it('takes over a second before the post is touched', () => {
  expect(failed.contact).toBe(true);
  expect(whenToTakeOver(failed, 20)).toBe(Math.max(0, failed.commands.length - 20));
});

it('takes over before the gripper closed for the last time where nothing was touched', () => {
  const opening = (t: number) => (t < 60 ? 0.08 : t < 70 ? 0 : t < 90 ? 0.08 : 0);
  const commands = Array.from({ length: 160 }, (_, t) =>
    new Float32Array(ACTION_DIM).fill(opening(t), 7),
  );
  const attempt = { initial, commands, success: false, contact: false };
  expect(whenToTakeOver(attempt, 20)).toBe(70 + 20 - 20);
});

it('brings a failing attempt to success, and flags what the expert did of it', () => {
  const at = whenToTakeOver(failed, 20);
  const correction = correct(rapier, leftRight, leftRightExpert, failed, { at, ...ORIGIN });
  expect(correction).toMatchObject({ success: true, contact: false, length: expect.any(Number) });
  const flags = [...(correction?.intervention ?? [])];
  expect(flags.indexOf(1)).toBe(at);
  expect(flags.slice(at).every((flag) => flag === 1)).toBe(true);
});

it('keeps an episode that replays to the bit from its start', () => {
  const at = whenToTakeOver(failed, 20);
  const made = correct(rapier, leftRight, leftRightExpert, failed, { at, ...ORIGIN });
  if (!made) throw new Error('no correction');
  const episode = Episode.create(rapier, leftRight, made.initial, 20);
  for (let t = 0; t < made.length; t++) {
    episode.step(made.command.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM));
  }
  expect(episode.hash).toBe(made.replayHash);
  episode.free();
});

it('has no correction where it is too late', () => {
  const at = failed.commands.length;
  expect(correct(rapier, leftRight, leftRightExpert, failed, { at, ...ORIGIN })).toBeNull();
});

it('lets a policy act the same each time', async () => {
  expect(failed.success).toBe(false);
  expect(await act()).toEqual(failed);
});
