import { setImmediate as yieldToMessages } from 'node:timers/promises';
import { type CatScore, type PictureSize, scoreCat } from '../../demos/cats/index.ts';

export interface PicturesToRead {
  readonly size: PictureSize;
  /** [n, size, size, 3] in ±1 */
  readonly pictures: Float32Array;
}

/**
 * Reads the cats off pictures, one after the other.
 *
 * @param onRead told how many are read
 * @cost 0.06 s a picture of a cat, up to 0.4 s for one of none
 */
export async function readCats(
  { size, pictures }: PicturesToRead,
  onRead: (count: number) => void,
): Promise<CatScore[]> {
  const numbers = 3 * size * size;
  const scores: CatScore[] = [];
  for (let from = 0; from < pictures.length; from += numbers) {
    scores.push(scoreCat(pictures.subarray(from, from + numbers), size));
    onRead(scores.length);
    await yieldToMessages();
  }
  return scores;
}
