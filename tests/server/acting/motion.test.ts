import { describe, expect, it } from 'vitest';
import { meanAndMax, SmoothnessMeter } from '../../../server/acting/motion.ts';

const HZ = 20;

/** Joints that all follow one function of time, rad of s; plans take over at some steps. */
function watch(angle: (time: number) => number, steps: number, seams: readonly number[] = []) {
  const at = (step: number) => new Float32Array(8).fill(angle(step / HZ));
  const meter = new SmoothnessMeter(at(0), HZ);
  for (let t = 0; t < steps; t++) meter.add(at(t + 1), seams.includes(t));
  return meter.smoothness;
}

describe('how smooth a motion is', () => {
  it('is by its third derivative, over the seven joints', () => {
    // Of 0.1 t³ it is 0.6 rad/s³ everywhere.
    const { jerk } = watch((time) => 0.1 * time ** 3, 20);
    expect(jerk.count).toBe(18);
    const expected = 0.6 * Math.sqrt(7);
    expect(meanAndMax([jerk])?.mean).toBeCloseTo(expected, 2);
    // Positions are f32.
    expect(Math.abs(jerk.max - expected)).toBeLessThan(0.05);
  });

  it('is by what the velocity jumps by where another plan takes over, and there alone', () => {
    const bent = (time: number) => (time < 0.5 ? time : 0.5 + 3 * (time - 0.5));
    const { seamVelocity } = watch(bent, 20, [0, 5, 10]);
    // The first has nothing before it.
    expect(seamVelocity.count).toBe(2);
    expect(seamVelocity.max).toBeCloseTo(2 * Math.sqrt(7), 3);
    expect(seamVelocity.sum).toBeCloseTo(seamVelocity.max, 3);
  });

  it('counts nothing of what is too short, and means over rollouts by their steps', () => {
    const short = watch((time) => time, 2, [1]);
    expect(short.jerk).toEqual({ count: 0, sum: 0, max: 0 });
    expect(meanAndMax([short.jerk])).toBeNull();
    const both = [
      { count: 1, sum: 4, max: 4 },
      { count: 3, sum: 0, max: 0 },
    ];
    expect(meanAndMax(both)).toEqual({ mean: 1, max: 4 });
  });
});
