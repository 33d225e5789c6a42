/** How the learning rate and the EMA's memory change over a run. */
export interface RateConfig {
  /** Highest learning rate. */
  readonly learningRate: number;
  /** Steps over which it rises from zero. */
  readonly warmupSteps: number;
  /** Steps of the whole run; at the last one the rate reaches zero. */
  readonly steps: number;
  /** The EMA's final decay a step. */
  readonly emaDecay: number;
}

/** Linear warm-up, then a half cosine down to zero. `step` counts from 1. */
export function learningRate(
  { learningRate, warmupSteps, steps }: RateConfig,
  step: number,
): number {
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}

/** Decay of the EMA at a step: short memory at first, when weights still move fast. */
export function emaDecay({ emaDecay }: RateConfig, step: number): number {
  return Math.min(emaDecay, 1 - (1 + step) ** -0.75);
}
