import { afterEach, describe, expect, it } from 'vitest';
import type { Demonstration } from '../../demos/demonstration.ts';
import { type Progress, startSeed } from '../../sim/index.ts';
import {
  demonstrateMode,
  freeEpisodes,
  playRows,
  rowOf,
  startEpisode,
} from '../support/simulation.ts';

afterEach(freeEpisodes);

/** Left and right from one start: what a policy is given to learn from. */
function pair(i: number): [Demonstration, Demonstration] {
  const seed = startSeed('demonstration', 2, i);
  return [demonstrateMode('left', seed), demonstrateMode('right', seed)];
}

/** Joint targets [steps, 8] at equal fractions of a demonstration's way. */
function resample({ command, length }: Demonstration, steps: number): Float32Array {
  const out = new Float32Array(8 * steps);
  for (let t = 0; t < steps; t++) {
    const at = (t * (length - 1)) / (steps - 1);
    const before = Math.floor(at);
    const [a, b] = [rowOf(command, before), rowOf(command, Math.min(before + 1, length - 1))];
    for (let i = 0; i < 8; i++) out[8 * t + i] = a[i] + (at - before) * (b[i] - a[i]);
  }
  return out;
}

/** Plays (1 − u)·left + u·right of one pair. */
function playMix([left, right]: [Demonstration, Demonstration], u: number): Progress {
  const steps = Math.max(left.length, right.length);
  const [a, b] = [resample(left, steps), resample(right, steps)];
  const mixed = a.map((value, i) => (1 - u) * value + u * b[i]);
  const episode = startEpisode(left.initial);
  for (let t = 0; t < steps && !episode.decided; t++) playRows(episode, mixed, t, t + 1);
  const { progress } = episode;
  freeEpisodes();
  return progress;
}

describe('the mean of a path left and a path right of the post', () => {
  it('is no solution: it succeeds in at most 2 of 50 pairs and hits the post in the others', () => {
    const results = Array.from({ length: 50 }, (_, i) => playMix(pair(i), 0.5));
    expect(results.filter(({ success }) => success).length).toBeLessThanOrEqual(2);
    expect(results.filter(({ contact }) => contact).length).toBeGreaterThanOrEqual(48);
  });

  it('fails for being a mean, not for the way it is computed: nearly pure paths succeed', () => {
    const results = Array.from({ length: 5 }, (_, i) => pair(i)).flatMap((demos) =>
      [0, 0.05, 0.95, 1].map((u) => playMix(demos, u)),
    );
    expect(results.filter(({ success }) => success).length).toBeGreaterThanOrEqual(19);
  });
});
