import { COLOURS, HATS } from '../attributes.ts';
import { type Cat, EYE_COLOURS, EYE_SHAPES, MOST_LOOK, MOST_TILT, POSES, SIZES } from '../cat.ts';
import type { Backdrop } from './backdrop.ts';
import { before, type Figures } from './figure.ts';
import type { Picture } from './picture.ts';

type Measure = 'x' | 'y' | 'size' | 'tilt' | 'look';

/** Steps of the numeric slopes: a fraction of a pixel of 64, and as much at an ear's tip. */
const STEPS: Readonly<Record<Measure, number>> = {
  x: 0.012,
  y: 0.012,
  size: 0.006,
  tilt: 0.03,
  look: 0.12,
};
const BOUNDS: Readonly<Record<Measure, readonly [number, number]>> = {
  x: [-0.6, 0.6],
  y: [-0.6, 0.6],
  size: [SIZES[0] - 0.02, SIZES[1] + 0.02],
  tilt: [-MOST_TILT - 0.05, MOST_TILT + 0.05],
  look: [-MOST_LOOK - 0.1, MOST_LOOK + 0.1],
};
/** Added to the diagonal of the normal equations, a share of it. */
const DAMPING = 0.02;

/** A cat and how far its picture is from the one that is read: mean square over all numbers. */
export interface Guess {
  readonly cat: Cat;
  readonly error: number;
}

/** Searches the cat that explains a picture, in front of a background that is known. */
export class Fitting {
  readonly picture: Picture;
  readonly backdrop: Backdrop;
  readonly #figures: Figures;

  /** @param figures of the picture's size */
  constructor(picture: Picture, backdrop: Backdrop, figures: Figures) {
    this.picture = picture;
    this.backdrop = backdrop;
    this.#figures = figures;
  }

  guess(cat: Cat): Guess {
    const drawn = this.#draw(cat);
    const { rgb } = this.picture;
    let sum = 0;
    for (let i = 0; i < rgb.length; i++) sum += (rgb[i] - drawn[i]) * (rgb[i] - drawn[i]);
    return { cat, error: sum / rgb.length };
  }

  /** The best of a guess and of variants of it. */
  best(guess: Guess, variants: readonly Partial<Cat>[]): Guess {
    let best = guess;
    for (const variant of variants) {
      const cat = { ...guess.cat, ...variant };
      if (isSame(cat, guess.cat, variant)) continue;
      const other = this.guess(cat);
      if (other.error < best.error) best = other;
    }
    return best;
  }

  /** One step of Gauss and Newton, damped, in some measures; kept where it is better. */
  polish(guess: Guess, measures: readonly Measure[]): Guess {
    const { rgb } = this.picture;
    const drawn = this.#draw(guess.cat);
    const slopes = measures.map((measure) => {
      const step = STEPS[measure];
      const moved = this.#draw({ ...guess.cat, [measure]: guess.cat[measure] + step });
      for (let i = 0; i < moved.length; i++) moved[i] = (moved[i] - drawn[i]) / step;
      return moved;
    });
    const rest = drawn;
    for (let i = 0; i < rest.length; i++) rest[i] = rgb[i] - rest[i];
    const matrix = slopes.map((a) => slopes.map((b) => dot(a, b)));
    measures.forEach((_, i) => {
      matrix[i][i] += DAMPING * matrix[i][i] + 1e-9;
    });
    const moves = solve(
      matrix,
      slopes.map((slope) => dot(slope, rest)),
    );
    for (const length of [1, 0.4]) {
      const changed = measures.map((measure, i) => {
        const [least, most] = BOUNDS[measure];
        const to = guess.cat[measure] + length * moves[i];
        return [measure, Math.min(most, Math.max(least, to))] as const;
      });
      const next = this.guess({ ...guess.cat, ...Object.fromEntries(changed) });
      if (next.error < guess.error) return next;
    }
    return guess;
  }

  #draw(cat: Cat): Float64Array {
    return before(this.#figures.draw(cat), this.backdrop.rgb);
  }
}

function isSame(a: Cat, b: Cat, keys: Partial<Cat>): boolean {
  return (Object.keys(keys) as (keyof Cat)[]).every((key) => a[key] === b[key]);
}

/** All that a cat can wear; other choices of one of its properties. */
export const VARIANTS = {
  worn: HATS.flatMap((hat) => [false, true].map((helmet) => ({ hat, helmet }))),
  colours: COLOURS.map((colour) => ({ colour })),
  poses: POSES.flatMap((pose) => [false, true].map((mirrored) => ({ pose, mirrored }))),
  // Closed ones show their colour in black fur.
  eyes: EYE_SHAPES.flatMap((eyes) => EYE_COLOURS.map((eyeColour) => ({ eyes, eyeColour }))),
} satisfies Record<string, readonly Partial<Cat>[]>;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** A small positive definite system, by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const factor = matrix[j][i] / matrix[i][i];
      for (let k = i; k < n; k++) matrix[j][k] -= factor * matrix[i][k];
      right[j] -= factor * right[i];
    }
  }
  const x = right.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= matrix[i][k] * x[k];
    x[i] /= matrix[i][i];
  }
  return x;
}
