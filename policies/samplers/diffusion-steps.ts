/**
 * Evenly spaced diffusion steps from K down to 1, and 0 at the end: where the sampler stands
 * before and after each of its steps.
 *
 * @see Lin et al. 2024, section 3.3 ("trailing" spacing), arXiv:2305.08891
 */
export function descend(totalSteps: number, steps: number): number[] {
  const ks = Array.from({ length: steps }, (_, i) =>
    Math.round(totalSteps - (i * totalSteps) / steps),
  );
  return [...ks, 0];
}
