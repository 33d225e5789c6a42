import type { Cat } from '../cat.ts';
import { PICTURE_SIZES, type PictureSize } from '../draw.ts';
import type { Part } from '../layer.ts';
import { type Evidence, weigh } from './judge.ts';
import { explain } from './read.ts';

/** A picture that cannot be one of a cat, by its shape or its numbers. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

/** Why a picture is none of a cat: more than noise and a little blur is between it and the nearest one. */
export type Rejection = 'error' | 'unexplained' | 'part-unexplained' | 'part-missing' | 'tint';

export interface CatScore {
  /** The cat, with its nuisances, whose picture is nearest; also where it is rejected. */
  readonly cat: Cat;
  /** Null where the picture shows that cat. */
  readonly rejected: Rejection | null;
  readonly evidence: Evidence;
}

/**
 * What separates cats from means, halves and shuffles of cats and from noise, and still takes most cats that are
 * blurred by 0.8 pixels of 64 and noised by 0.05 of the range: see the test.
 */
const BOUNDS = {
  error: 0.115,
  explained: 0.45,
  worstPart: -1.2,
  /** Of head and trunk, and of what is small. */
  presence: { large: 0.68, small: 0.3, most: 1.4 },
  tint: 0.18,
};
const LARGE: readonly Part[] = ['head', 'body', 'suit'];

/**
 * Reads a picture by finding the cat whose picture it would be: place, size, pose, eyes and background are
 * fitted, everything that a cat can wear is tried.
 *
 * @param state f32 [size, size, 3] in −1 … 1, rows from the top; values beside that are taken as they are
 * @throws PictureError where it is not of that shape, or has numbers that are not finite
 * @cost 100 to 500 drawings of a cat at half the size
 */
export function scoreCat(state: Float32Array, size: PictureSize): CatScore {
  if (!PICTURE_SIZES.includes(size) || state.length !== 3 * size * size) {
    throw new PictureError(
      `picture: expected size ${PICTURE_SIZES.join(', ')} and 3 · size² numbers, ` +
        `got size ${size} and ${state.length} numbers`,
    );
  }
  const rgb = new Float64Array(state.length);
  for (let i = 0; i < state.length; i++) {
    if (!Number.isFinite(state[i])) {
      throw new PictureError(`picture: expected finite numbers, got ${state[i]} at ${i}`);
    }
    // A number far outside of the range is no more wrong than one at its edge.
    rgb[i] = (Math.min(WIDEST, Math.max(-WIDEST, state[i])) + 1) / 2;
  }
  const picture = { size, rgb };
  const { cat, backdrop } = explain(picture);
  const evidence = weigh(picture, cat, backdrop, PICTURE_SIZES[0] / size);
  return { cat, rejected: rejection(evidence), evidence };
}

const WIDEST = 3;

function rejection({ error, explained, worstPart, presence, tint }: Evidence): Rejection | null {
  if (error > BOUNDS.error) return 'error';
  if (explained < BOUNDS.explained) return 'unexplained';
  if (worstPart < BOUNDS.worstPart) return 'part-unexplained';
  const { large, small, most } = BOUNDS.presence;
  const isThere = Object.entries(presence).every(
    ([part, share]) =>
      share <= most && share >= (LARGE.some((each) => each === part) ? large : small),
  );
  if (!isThere) return 'part-missing';
  return tint > BOUNDS.tint ? 'tint' : null;
}
