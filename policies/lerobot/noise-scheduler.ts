import { squaredCosineSchedule } from '../noise-schedule.ts';
import type { NoiseScheduler } from './config.ts';

/**
 * One network evaluation. With the network's answer F at (x, t):
 *
 *     y  = answer.x · x + answer.network · F,  clipped where the policy clips
 *     x' = next.x · x + next.y · y + next.network · F + next.noise · z
 *
 * The samplers of this program (policies/samplers) derive the noise from the clipped y; diffusers'
 * DDIM keeps the network's own, which is why F stands in the second line, too.
 */
export interface DenoisingStep {
  /** t, 0 … K − 1. */
  readonly time: number;
  readonly answer: { readonly x: number; readonly network: number };
  readonly next: {
    readonly x: number;
    readonly y: number;
    readonly network: number;
    /** Standard deviation of the fresh noise; 0 for none. */
    readonly noise: number;
  };
}

/** Variances below are raised to it, as diffusers does. */
const LEAST_VARIANCE = 1e-20;

/**
 * The steps of one chunk, at the times that diffusers calls "leading": every ⌊K/N⌋-th, 0 the last.
 *
 * @see diffusers 0.35.2, schedulers/scheduling_ddpm.py and scheduling_ddim.py
 */
export function denoisingSteps(scheduler: NoiseScheduler): DenoisingStep[] {
  const { kind, trainSteps, steps, prediction } = scheduler;
  const alphaBar = alphaBarOf(scheduler);
  const stride = Math.floor(trainSteps / steps);
  return Array.from({ length: steps }, (_, i) => {
    const time = (steps - 1 - i) * stride;
    const from = alphaBar[time];
    const to = time > 0 ? alphaBar[time - stride] : 1;
    const [signal, noise] = [Math.sqrt(from), Math.sqrt(1 - from)];
    const answer =
      prediction === 'epsilon' ? { x: 1 / signal, network: -noise / signal } : { x: 0, network: 1 };
    return { time, answer, next: kind === 'DDIM' ? leap(prediction, from, to) : descend(from, to) };
  });
}

/** DDIM with η = 0. @see Song et al. 2021, eq. 12, arXiv:2010.02502 */
function leap(
  prediction: NoiseScheduler['prediction'],
  from: number,
  to: number,
): DenoisingStep['next'] {
  const left = Math.sqrt(1 - to);
  if (prediction === 'epsilon') return { x: 0, y: Math.sqrt(to), network: left, noise: 0 };
  // The noise in x by an estimate of the data that is not clipped.
  const x = left / Math.sqrt(1 - from);
  return { x, y: Math.sqrt(to), network: -x * Math.sqrt(from), noise: 0 };
}

/** DDPM with the posterior's variance. @see Ho et al. 2020, eq. 7, arXiv:2006.11239 */
function descend(from: number, to: number): DenoisingStep['next'] {
  const beta = 1 - from / to;
  const variance = Math.max(LEAST_VARIANCE, ((1 - to) / (1 - from)) * beta);
  return {
    x: (Math.sqrt(1 - beta) * (1 - to)) / (1 - from),
    y: (Math.sqrt(to) * beta) / (1 - from),
    network: 0,
    noise: to < 1 ? Math.sqrt(variance) : 0,
  };
}

/** ᾱ of each t, [K]; rounded to f32 where diffusers rounds, as 1 − ᾱ is small near the data. */
function alphaBarOf(scheduler: NoiseScheduler): number[] {
  let product = 1;
  return betasOf(scheduler).map((beta) => {
    product *= Math.fround(1 - Math.fround(beta));
    return Math.fround(product);
  });
}

/** β of each t, [K]. */
function betasOf({ betaSchedule, betaStart, betaEnd, trainSteps }: NoiseScheduler): number[] {
  const between = (from: number, to: number) =>
    Array.from(
      { length: trainSteps },
      (_, t) => from + ((to - from) * t) / Math.max(1, trainSteps - 1),
    );
  switch (betaSchedule) {
    case 'linear':
      return between(betaStart, betaEnd);
    case 'scaled_linear':
      return between(Math.sqrt(betaStart), Math.sqrt(betaEnd)).map((root) => root * root);
    case 'sigmoid':
      return between(-6, 6).map((x) => (betaEnd - betaStart) / (1 + Math.exp(-x)) + betaStart);
    case 'squaredcos_cap_v2': {
      const alphaBar = squaredCosineSchedule(trainSteps);
      return Array.from({ length: trainSteps }, (_, t) => 1 - alphaBar[t + 1] / alphaBar[t]);
    }
  }
}
