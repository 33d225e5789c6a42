import type { DiffusionConfig } from '../objectives/diffusion.ts';
import { diffusionLevel } from '../objectives/noise-level.ts';
import { squaredCosineSchedule } from '../objectives/noise-schedule.ts';
import type { Answer } from '../samplers/follow.ts';
import { type Mixture, type Point, posterior, velocity } from './mixture.ts';

/** What a perfectly trained flow answers, for points [n, 2] laid end to end. */
export function flowOracle(mixture: Mixture): Answer {
  return (x, tau) => mapPoints(x, (point) => velocity(mixture, point, tau));
}

/** What a perfectly trained diffusion answers, for points [n, 2] laid end to end. */
export function diffusionOracle(mixture: Mixture, { steps, prediction }: DiffusionConfig): Answer {
  const alphaBar = squaredCosineSchedule(steps);
  return (x, time) => {
    const level = diffusionLevel(alphaBar[Math.round(time * steps)]);
    return mapPoints(x, (point) => {
      const { data, noise } = posterior(mixture, level, point);
      if (prediction === 'epsilon') return noise;
      return [
        level.signal * noise[0] - level.noise * data[0],
        level.signal * noise[1] - level.noise * data[1],
      ];
    });
  };
}

function mapPoints(x: Float64Array, answer: (point: Point) => Point): Float64Array {
  const answers = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) answers.set(answer([x[i], x[i + 1]]), i);
  return answers;
}
