import { afterEach, describe, expect, it } from 'vitest';
import { describeTrained } from '../../../policies/network-policy.ts';
import { Actor, setUpActors } from '../../../server/acting/actor.ts';
import { Disturbance } from '../../../server/acting/disturbance.ts';
import { Eye } from '../../../server/acting/eye.ts';
import { type RolloutResult, rollOut } from '../../../server/acting/rollout.ts';
import type { Perturbation } from '../../../sim/index.ts';
import { imitator } from '../../support/imitator.ts';
import { SCRIPTED_POLICY, ScriptedPolicy } from '../../support/scripted-policy.ts';
import {
  demonstrateMode,
  freeEpisodes,
  initial,
  rapier,
  startEpisode,
  task,
} from '../../support/simulation.ts';

afterEach(freeEpisodes);

const SCRIPT = imitator([demonstrateMode('left', 5), demonstrateMode('right', 5)]);
const KEYS = [0, 1, 2].map((noise) => [1, noise]);

async function roll(perturbation?: Perturbation, keys = KEYS): Promise<RolloutResult[]> {
  const planner = await new ScriptedPolicy(SCRIPT).prepare(2, {});
  const requests = keys.map((noiseKey) => ({ initial, noiseKey }));
  return rollOut(rapier, task, planner, requests, { actionHorizon: 16, perturbation });
}

/** Rollouts without. */
const PLAIN = await roll();

const hashes = (results: readonly RolloutResult[]) => results.map(({ replayHash }) => replayHash);

/** Observations of an episode that stands still, [steps, 14], less what is there. */
function noiseOf(deviation: number, key: readonly number[], steps = 500): number[] {
  const disturbance = new Disturbance({ 'sensor-noise': deviation }, key);
  return Array.from({ length: steps }, (_, step) => {
    const row = new Float32Array(14);
    disturbance.sense(row, step);
    return [...row];
  }).flat();
}

describe('rollouts with something otherwise', () => {
  it('are those without, to the bit, where the magnitude changes nothing', async () => {
    const still = { mass: 1, friction: 1, 'sensor-noise': 0, push: 0, 'arm-push': 0 };
    const idle = { ...still, 'control-delay': 0 };
    expect(await roll(idle)).toEqual(PLAIN);
    expect(new Set(PLAIN.map(({ mode }) => mode)).size).toBe(2);
  });

  it.each<[string, Perturbation]>([
    ['another ball', { mass: 3, friction: 0.5 }],
    ['pushes', { push: 0.02, 'arm-push': 5 }],
  ])(
    'are others with %s, the same each time, whoever acts beside them',
    async (_, perturbation) => {
      const perturbed = hashes(await roll(perturbation, KEYS.slice(0, 2)));
      expect(perturbed[0]).not.toBe(PLAIN[0].replayHash);
      expect(hashes(await roll(perturbation, KEYS.slice(1, 2)))).toEqual(perturbed.slice(1));
    },
  );

  it('come to nothing where the ball is struck off the table', async () => {
    const [[gentle], [hard]] = [
      await roll({ push: 0.001 }, KEYS.slice(0, 1)),
      await roll({ push: 0.5 }, KEYS.slice(0, 1)),
    ];
    expect([PLAIN[0].success, gentle.success, hard.success]).toEqual([true, true, false]);
  });
});

it('a control delay lets the motors do what was commanded so many steps ago, and before that nothing', () => {
  const commands = Array.from({ length: 8 }, (_, t) =>
    Float32Array.from(startEpisode().observe().state, (value) => value + 0.01 * (t + 1)),
  );
  const late = startEpisode();
  const actor = new Actor(
    late,
    setUpActors(describeTrained(SCRIPTED_POLICY), { perturbation: { 'control-delay': 3 } }),
  );
  for (const command of commands) actor.follow(command);
  const plain = startEpisode();
  const still = plain.observe().state;
  for (const command of [still, still, still, ...commands.slice(0, 5)]) plain.step(command);
  expect(late.hash).toBe(plain.hash);
});

describe('sensor noise', () => {
  const noise = noiseOf(0.01, [1, 2, 3]);
  const n = noise.length;

  it('has mean 0, the deviation that was asked for, and the tails of a Gaussian', () => {
    const mean = noise.reduce((sum, value) => sum + value, 0) / n;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    // Four standard errors each.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.01) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(variance) / 0.01 - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    const beyond = noise.filter((value) => Math.abs(value) > 0.0196).length / n;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / n));
  });

  it('is white: what comes after is unlike what came before', () => {
    const lagged = noise.slice(14).reduce((sum, value, i) => sum + value * noise[i], 0);
    expect(Math.abs(lagged / (n * 1e-4))).toBeLessThan(4 / Math.sqrt(n));
  });

  it('is the same for all magnitudes but for its size, and another in another rollout', () => {
    const twice = noiseOf(0.02, [1, 2, 3]);
    for (const i of [0, 100, 6999]) expect(twice[i]).toBeCloseTo(2 * noise[i], 8);
    expect(noiseOf(0.01, [1, 2, 4], 1)).not.toEqual(noiseOf(0.01, [1, 2, 3], 1));
  });

  it('is on what the policy is told alone', () => {
    const about = describeTrained(SCRIPTED_POLICY);
    const size = about.obsHorizon * about.observationDim;
    const [told, plain] = [{ 'sensor-noise': 0.01 }, undefined].map((perturbation) => {
      const episode = startEpisode();
      const out = new Float32Array(size);
      new Actor(episode, setUpActors(about, { perturbation }), 0, [5]).observe(out);
      return { out, truth: episode.observe() };
    });
    expect(told.truth).toEqual(plain.truth);
    const off = told.out.map((value, i) => Math.abs(value - plain.out[i]));
    expect(Math.min(...off)).toBeGreaterThan(0);
    expect(Math.max(...off)).toBeLessThan(0.06);
  });
});

describe('a camera with something otherwise', () => {
  const picture = (perturbation: Perturbation) => new Eye(32, perturbation).see(startEpisode());
  const plain = picture({});
  /** Where the ball is, in columns: the mean of what is much redder than it is green. */
  const columnOfBall = (pixels: Uint8Array) => {
    const columns = Array.from({ length: 32 * 32 }, (_, i) => i).flatMap((i) =>
      pixels[3 * i] > 1.2 * pixels[3 * i + 1] ? i % 32 : [],
    );
    return columns.reduce((sum, column) => sum + column, 0) / columns.length;
  };

  it('sees the same where nothing is', () => {
    expect(picture({ 'camera-shift': 0, 'camera-turn': 0, light: 1 })).toEqual(plain);
  });

  it('sees things move to the other side', () => {
    // The camera looks at the robot: the robot's left is at its right.
    expect(columnOfBall(picture({ 'camera-shift': 0.1 }))).toBeLessThan(columnOfBall(plain) - 1);
    expect(columnOfBall(picture({ 'camera-turn': 0.1 }))).toBeGreaterThan(columnOfBall(plain) + 1);
  });

  it('sees half of the light as 0.71 times the byte, by the square root that makes bytes', () => {
    const dim = picture({ light: 0.5 });
    for (let i = 0; i < dim.length; i++) {
      if (plain[i] < 255) expect(Math.abs(dim[i] - Math.SQRT1_2 * plain[i])).toBeLessThan(2);
    }
  });
});
