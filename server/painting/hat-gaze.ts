import { type CatScore, regionOf } from '../../demos/cats/index.ts';
import type { PictureSpec } from '../../policies/config/picture.ts';
import { finestSide, gazeOf } from '../../policies/pictures/gaze.ts';
import type { AttentionStep } from '../../policies/samplers/attention.ts';
import { wordsOf } from '../../policies/text/tokenizer.ts';

/** How much of what looks at "hat" lies within the hat. */
export interface HatGaze {
  /** Mean weight of the word over the places of the hat, and over all others. */
  readonly inside: number;
  readonly outside: number;
}

/** Token of the word "hat" of a caption, after the one that every caption begins with; null without. */
export function hatToken(caption: string): number | null {
  const at = wordsOf(caption).indexOf('hat');
  return at < 0 ? null : at + 1;
}

/**
 * Where the word "hat" is looked at while a picture is drawn, over all network evaluations, against where
 * the hat is that was read off it.
 *
 * @returns null for a caption without the word, and a picture without a hat
 */
export function hatGazeOf(
  attention: readonly AttentionStep[],
  row: number,
  { spec, caption, score }: { spec: PictureSpec; caption: string; score: CatScore },
): HatGaze | null {
  const token = hatToken(caption);
  if (token === null || score.rejected !== null || score.cat.hat === 'none') return null;
  const side = finestSide(spec);
  const region = regionOf(score.cat, ['hat'], side);
  const tokens = wordsOf(caption).length + 1;
  let [inside, outside] = [0, 0];
  const places = region.reduce((sum, share) => sum + share, 0);
  for (const step of attention) {
    const gaze = gazeOf(step, { row, side, tokens });
    for (let at = 0; at < side * side; at++) {
      const weight = gaze[token * side * side + at] / attention.length;
      inside += (weight * region[at]) / places;
      outside += (weight * (1 - region[at])) / (side * side - places);
    }
  }
  return { inside, outside };
}
