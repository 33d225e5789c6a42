/**
 * One network evaluation of a sampler, as numbers. With the network's answer F at (x, time):
 *
 *     y  = answer.x · x + answer.network · F,  clipped to ±1 where `clip`
 *     x' = next.x · x + next.y · y + next.previousY · (y of the step before) + next.noise · z
 *
 * Every sampler here is a list of these: the formulas differ only in their coefficients.
 */
export interface SamplerStep {
  /** Diffusion step k/K or flow time τ given to the network. */
  readonly time: number;
  readonly answer: { readonly x: number; readonly network: number };
  /** Data lie in ±1, so an estimate of them may be clipped there. */
  readonly clip: boolean;
  readonly next: {
    readonly x: number;
    readonly y: number;
    readonly previousY: number;
    /** Standard deviation of the fresh noise; 0 for a deterministic step. */
    readonly noise: number;
  };
}

/** The steps of one chunk, first to last; as many as network evaluations (NFE). */
export type SamplerPlan = readonly SamplerStep[];

/** Whether the plan draws fresh noise on its way. */
export function isStochastic(plan: SamplerPlan): boolean {
  return plan.some(({ next }) => next.noise > 0);
}
