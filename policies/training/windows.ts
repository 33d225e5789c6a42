import { toPixels } from '../pixels.ts';

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

/** A batch to be filled with windows, row-major. */
export interface BatchRows {
  readonly observation: Float32Array;
  readonly actions: Float32Array;
  readonly noise: Float32Array;
  /** Where the policy looks. */
  readonly image?: Float32Array;
}

/** Copies a window into a row of a batch of so many rows; noise where the window has its own. */
export function takeWindow(
  { count, observations, chunks, noise, images }: TrainingWindows,
  window: number,
  rows: BatchRows,
  { row, batch }: { row: number; batch: number },
): void {
  const copy = (from: Float32Array, to: Float32Array) => {
    const size = from.length / count;
    to.set(from.subarray(window * size, (window + 1) * size), row * size);
  };
  copy(observations, rows.observation);
  copy(chunks, rows.actions);
  if (noise) copy(noise, rows.noise);
  if (!rows.image) return;
  if (!images) throw new Error('a policy with a camera needs windows with images');
  const size = rows.image.length / batch;
  toPixels(images.subarray(window * size, (window + 1) * size), rows.image, row * size);
}
