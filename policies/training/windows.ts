/** Training pairs of one dataset: what was seen, and the chunk that followed. */
export interface TrainingWindows {
  readonly count: number;
  /** [count, To·Do], normalised. */
  readonly observations: Float32Array;
  /** [count, Tp·Da], normalised. */
  readonly chunks: Float32Array;
}
