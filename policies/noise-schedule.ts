/** ᾱ_k for k = 0 … K: how much of the data's variance is left after k steps of noising. */
export type NoiseSchedule = Float64Array;

/** Largest β a step: keeps ᾱ_K above zero. */
const MAX_BETA = 0.999;

/**
 * The squared-cosine schedule.
 *
 * @param steps K
 * @returns     [K + 1], from ᾱ_0 = 1 down to ᾱ_K ≈ 0
 * @see Nichol and Dhariwal 2021, eq. 17, arXiv:2102.09672
 */
export function squaredCosineSchedule(steps: number): NoiseSchedule {
  const curve = (k: number) => Math.cos((((k / steps + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  const alphaBar = new Float64Array(steps + 1);
  alphaBar[0] = 1;
  let product = 1;
  for (let k = 1; k <= steps; k++) {
    product *= 1 - Math.min(MAX_BETA, 1 - curve(k) / curve(k - 1));
    alphaBar[k] = product;
  }
  return alphaBar;
}
