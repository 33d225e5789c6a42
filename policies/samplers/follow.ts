import type { SamplerPlan } from './sampler.ts';

/** What a network, or a formula in its place, answers at one time: as many numbers as `x` has. */
export type Answer = (x: Float64Array, time: number) => Float64Array | Promise<Float64Array>;

/**
 * Carries out a plan on plain numbers and keeps every station of its way: for pictures, and
 * wherever the answer is a formula.
 *
 * @param start  x before the first step
 * @param normal one standard normal, for steps that add noise
 * @returns      plan.length + 1 arrays like `start`, which is the first
 */
export async function followPlan(
  plan: SamplerPlan,
  answer: Answer,
  start: Float64Array,
  normal: () => number,
): Promise<Float64Array[]> {
  const path = [start];
  let x = start;
  let previousY: Float64Array = new Float64Array(start.length);
  for (const { time, answer: weight, clip, next } of plan) {
    const answered = await answer(x, time);
    const y = x.map((value, i) => {
      const estimate = weight.x * value + weight.network * answered[i];
      return clip ? Math.min(1, Math.max(-1, estimate)) : estimate;
    });
    const before = previousY;
    x = x.map(
      (value, i) =>
        next.x * value +
        next.y * y[i] +
        next.previousY * before[i] +
        (next.noise > 0 ? next.noise * normal() : 0),
    );
    previousY = y;
    path.push(x);
  }
  return path;
}
