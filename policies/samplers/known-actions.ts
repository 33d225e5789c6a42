/** Actions that chunks must agree with, though they are only now drawn. */
export interface KnownActions {
  /** [B, Tp, Da]; of no account where the weight is 0 */
  readonly actions: Float32Array;
  /** How much each control step counts: 1 is carried out whatever is drawn, 0 is free. [B, Tp] */
  readonly weight: Float32Array;
}

/**
 * W of real-time chunking, a number a control step: 1 for what will have been carried out when the
 * chunk is there, then falling, 0 from where the last chunk ends. A chunk that only had to meet the
 * few frozen actions could still leave towards another mode right behind them.
 *
 * @param horizon Tp
 * @param frozen  d, actions carried out meanwhile
 * @param overlap Tp − Ta, actions that the last chunk still has
 * @returns [Tp]: 1 before `frozen`, then c·(eᶜ − 1)/(e − 1) with c = (overlap − i)/(overlap − d + 1)
 * @see Black, Galliker and Levine 2025, arXiv:2506.07339
 */
export function prefixWeights(horizon: number, frozen: number, overlap: number): Float32Array {
  return Float32Array.from({ length: horizon }, (_, i) => {
    if (i >= overlap) return 0;
    if (i < frozen) return 1;
    const c = (overlap - i) / (overlap - frozen + 1);
    return (c * Math.expm1(c)) / (Math.E - 1);
  });
}
