/** Training pairs of one dataset: what was seen, and the chunk that followed. */
export interface TrainingWindows {
  readonly count: number;
  /** [count, To·Do], normalised. */
  readonly observations: Float32Array;
  /** [count, Tp·Da], normalised. */
  readonly chunks: Float32Array;
  /** Noise each chunk is joined with, [count, Tp·Da]. @default drawn afresh at every step */
  readonly noise?: Float32Array;
  /** Instructions, where the policy reads them. */
  readonly text?: WindowTexts;
  /** What the camera saw at each window's frame, [count, `imageSize`], 0 … 255, where it looks. */
  readonly images?: Uint8Array;
}

/** Which instruction each window's demonstrator was given. */
export interface WindowTexts {
  /** Encoded, each once. */
  readonly rows: readonly Float32Array[];
  /** Row of each window, [count]. */
  readonly of: Uint32Array;
  /** The encoded empty instruction, which takes the place of a dropped one. */
  readonly silence: Float32Array;
}
