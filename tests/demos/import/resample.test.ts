import { describe, expect, it } from 'vitest';
import { checkTimes, resample } from '../../../demos/import/resample.ts';
import type { RawEpisode } from '../../../demos/import/runs.ts';

/** An episode whose state, environment and action are functions of time. */
function episode(times: readonly number[], of: (time: number) => number[]): RawEpisode {
  const rows = Float64Array.from(times.flatMap(of));
  return {
    ...{ index: 7, frames: times.length, times, taskIndices: [0], told: null, success: null },
    numbers: { 'observation.state': rows, 'observation.environment_state': rows, action: rows },
    command: rows,
    intervention: Uint8Array.from(times, (time) => Number(time >= 0.1)),
  };
}

const at30Hz = Array.from({ length: 31 }, (_, i) => 5 + i / 30);

describe('an episode of another rate', () => {
  it('is read in proportion between two frames, so that a straight line stays one', () => {
    const { frames, numbers, command } = resample(
      episode(at30Hz, (time) => [2 * time, -time]),
      20,
    );
    expect(frames).toBe(21);
    for (let k = 0; k < frames; k++) {
      const time = 5 + k / 20;
      expect(numbers.action[2 * k]).toBeCloseTo(2 * time, 12);
      expect(numbers.action[2 * k + 1]).toBeCloseTo(-time, 12);
    }
    expect(command).toEqual(numbers.action);
  });

  it('keeps a gripper that is open or closed one of both', () => {
    const { numbers } = resample(
      episode(at30Hz, (time) => [time < 5.5 ? 0.08 : 0]),
      50,
    );
    expect(new Set(numbers.action)).toEqual(new Set([0.08, 0]));
    // It closes at 0.5 s, in the nearest of the new frames.
    expect([...numbers.action].indexOf(0)).toBe(Math.round(0.5 * 50));
  });

  it('keeps flags at the frames nearest to theirs', () => {
    const { intervention } = resample(
      episode([0, 0.1, 0.2, 0.3], () => [0, 1]),
      20,
    );
    expect([...(intervention ?? [])]).toEqual([0, 1, 1, 1, 1, 1, 1]);
  });

  it('is read by its timestamps where they drift', () => {
    const drifting = Array.from({ length: 41 }, (_, i) => (i / 20) * 1.05);
    const { frames, numbers } = resample(
      episode(drifting, (time) => [time, 0.5 * time, time ** 2]),
      20,
    );
    expect(frames).toBe(43);
    expect(numbers.action[3 * 42]).toBeCloseTo(2.1, 12);
  });

  it.each([
    ['stands still', [0, 0.05, 0.05, 0.1]],
    ['runs back', [0, 0.05, 0.04]],
    ['is no number', [0, Number.NaN, 0.1]],
  ])('is refused where time %s', (_, times) => {
    const ask = () =>
      resample(
        episode(times, () => [0]),
        20,
      );
    expect(ask).toThrow(/timestamp of episode 7: expected more than .*; re-record/);
  });
});

it.each([2001, 1e12, 1e300])(
  'is refused before anything is made of it where it lasts %d s',
  (end) => {
    const ask = () =>
      resample(
        episode([0, end], () => [0]),
        50,
      );
    expect(ask).toThrow(/timestamp of episode 7: expected at most 100000 frames at 50 Hz, got \d/);
  },
);

describe('timestamps', () => {
  it('may begin anywhere and be f32', () => {
    const times = Array.from({ length: 2000 }, (_, i) => Math.fround(3 + i / 50));
    expect(() =>
      checkTimes(
        episode(times, () => [0]),
        50,
      ),
    ).not.toThrow();
  });

  it.each([
    ['drift', (i: number) => (i / 20) * 1.01],
    ['skip a frame', (i: number) => (i < 10 ? i : i + 1) / 20],
    ['are no numbers', (i: number) => (i === 4 ? Number.NaN : i / 20)],
  ])('that %s are refused, with the cure', (_, time) => {
    const times = Array.from({ length: 40 }, (_each, i) => time(i));
    expect(() =>
      checkTimes(
        episode(times, () => [0]),
        20,
      ),
    ).toThrow(/timestamp of episode 7: expected frame \d+ .*, got .*; --resample/);
  });
});
