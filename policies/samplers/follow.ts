import type { SamplerPlan } from './sampler.ts';
import { type Arithmetic, takeStep } from './step.ts';

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
  for (const step of plan) {
    const { time, next } = step;
    const answered = await answer(x, time);
    const z = next.noise > 0 ? x.map(normal) : null;
    const moved = takeStep(NUMBERS, step, { x, answer: answered, previousY, z });
    x = moved.x;
    previousY = moved.y;
    path.push(x);
  }
  return path;
}

/** Coefficients and chunks are plain numbers. */
export const NUMBERS: Arithmetic<number, Float64Array> = {
  sum(...terms) {
    const there = terms.filter(([weight, values]) => weight !== 0 && values !== null);
    const [[, first]] = terms;
    return Float64Array.from({ length: first?.length ?? 0 }, (_, i) =>
      there.reduce((sum, [weight, values]) => sum + weight * (values?.[i] ?? 0), 0),
    );
  },
  add: (a, b) => a.map((value, i) => value + b[i]),
  clip: (values, clip) => (clip ? values.map((v) => Math.min(1, Math.max(-1, v))) : values),
};
