import type { PictureSpec } from '../config/picture.ts';
import type { AttentionStep } from '../samplers/attention.ts';

/** Places along an edge of the finest grid that a picture is drawn in. */
export function finestSide({ size, network }: Pick<PictureSpec, 'size' | 'network'>): number {
  return size / network.patch;
}

/**
 * Where each word is looked at in one network evaluation: the mean over heads and over all blocks
 * with cross-attention, of which those of coarser grids count for all the places beneath theirs.
 *
 * @param side   places along an edge of the finest grid
 * @param tokens of the caption, the starting one first
 * @returns      [tokens, side, side]; over the tokens, the weights of each place sum to 1
 */
export function gazeOf(
  { blocks }: AttentionStep,
  { row, side, tokens }: { readonly row: number; readonly side: number; readonly tokens: number },
): Float32Array {
  const gaze = new Float32Array(tokens * side * side);
  for (const { shape, data } of blocks.values()) {
    const [, places, length] = shape;
    const coarse = Math.round(Math.sqrt(places));
    const factor = side / coarse;
    const from = row * places * length;
    for (let token = 0; token < tokens; token++) {
      for (let at = 0; at < side * side; at++) {
        const y = Math.floor(Math.floor(at / side) / factor);
        const x = Math.floor((at % side) / factor);
        gaze[token * side * side + at] += data[from + (y * coarse + x) * length + token];
      }
    }
  }
  return gaze.map((sum) => sum / blocks.size);
}
