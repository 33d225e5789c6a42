/** Training pairs of one dataset: what was seen, and the chunk that followed. */
export interface TrainingWindows {
  readonly count: number;
  /** [count, To·Do], normalised. */
  readonly observations: Float32Array;
  /** [count, Tp·Da], normalised. */
  readonly chunks: Float32Array;
  /** Noise each chunk is joined with, [count, Tp·Da]. @default drawn afresh at every step */
  readonly noise?: Float32Array;
}
