import { type Cat, SIZES } from '../cat.ts';
import type { PictureSize } from '../draw.ts';
import { type Backdrop, fitBackdrop } from './backdrop.ts';
import { Figures } from './figure.ts';
import { Fitting, type Guess, VARIANTS } from './fitting.ts';
import { findHeads, type HeadPlace, PLAIN, SEARCH_SIZE } from './heads.ts';
import { type Picture, shrunk } from './picture.ts';

/** Where the cat that explains a picture best is found: heads looked at, and those looked at longer. */
const HEADS = 8;
const FINALISTS = 2;
const ALL_FINALISTS = 5;
/** Mean squares below which there is nothing better to be found. */
const CLOSE = { first: 0.0025, second: 0.0008, near: 0.0025, settled: 0.0003, last: 0.0001 };
/**
 * Mean square beyond which no cat built or dressed otherwise comes near: of 2,700 pictures of cats, noised, blurred or mixed
 * with others, none was so far from the first cats that were tried; noise is.
 */
const HOPELESS = 0.06;
/** The same for the smallest pictures: what is small in them counts no more than a little noise. */
const NEAR_SMALLEST = 0.0003;
/** Moves down, tilts and growths that are tried where nothing near was found; how many of those are followed. */
const OTHERWISE = [-0.1, 0, 0.06].flatMap((dy) =>
  [-0.13, 0.02, 0.13].flatMap((tilt) => [0, 0.025].map((larger) => [dy, tilt, larger] as const)),
);
const STARTS = 6;
/** Heads and moves that are tried before that: a head too small is held by its ears, one too large by its chin. */
const BUILDS = [0.285, 0.31, 0.335, 0.355, 0.373].flatMap((size) =>
  [-0.05, 0, 0.05].map((dy) => [size, dy] as const),
);
/** What a cat takes about the middle of its head, in heads. */
const EXTENT = { side: 1.9, above: 2.55, below: 2.4 };
/** Between paws and horizon, in halves of the picture's width, with something to spare. */
const HORIZON = { above: 0.5, below: 0.02 };
/** Paws of a cat that sits and of one that lies, in heads below the middle. */
const FEET = [1.95, 2.26] as const;

export interface Explanation extends Guess {
  readonly backdrop: Backdrop;
}

/** The cat, with its background, whose picture is nearest to this one. */
export function explain(picture: Picture): Explanation {
  const size = picture.size as PictureSize;
  const small = shrunk(picture, size / SEARCH_SIZE);
  const middle = size === 64 ? shrunk(picture, 2) : picture;
  const figures = new Figures(middle.size, size === 16 ? 2 : 1);
  const first = bestOf(findHeads(small, HEADS), CLOSE.first, (head) =>
    firstGuess(middle, head, figures),
  );
  const second = bestOf(first.slice(0, FINALISTS), CLOSE.second, (guess) =>
    secondGuess(middle, guess, figures),
  );
  let best = second[0];
  const near = size === SEARCH_SIZE ? NEAR_SMALLEST : CLOSE.near;
  const isHopeless = best.error > HOPELESS;
  if (best.error > near && !isHopeless) {
    best = bestOf(second, near, (guess) =>
      secondGuess(middle, otherwiseBuilt(middle, guess, figures), figures),
    )[0];
  }
  if (best.error > near && !isHopeless) {
    const others = [best, ...second, ...first.slice(FINALISTS, ALL_FINALISTS)];
    best = bestOf(others, near, (guess) =>
      secondGuess(middle, otherwiseWorn(middle, guess, figures), figures),
    )[0];
  }
  const settled = best.error < CLOSE.settled ? best : secondGuess(middle, best, figures);
  return lastGuess(picture, settled, new Figures(size, 64 / size));
}

/** Makes guesses until one is close; best first. */
function bestOf<T>(
  from: readonly T[],
  close: number,
  make: (each: T) => Explanation,
): Explanation[] {
  const guesses: Explanation[] = [];
  for (const each of from) {
    const guess = make(each);
    guesses.push(guess);
    if (guess.error < close) break;
  }
  return guesses.sort((a, b) => a.error - b.error);
}

/** In front of the background as it shows around the cat. */
function firstGuess(picture: Picture, head: HeadPlace, figures: Figures): Explanation {
  const { y, size } = head;
  const weight = aroundCat(picture.size, head);
  const backdrop = fitBackdrop(picture, weight, [
    y + FEET[0] * size - HORIZON.above,
    y + FEET[1] * size - HORIZON.below,
  ]);
  const fitting = new Fitting(picture, backdrop, figures);
  let guess = fitting.guess({ ...PLAIN, ...head });
  guess = fitting.best(guess, VARIANTS.worn);
  guess = fitting.best(guess, VARIANTS.poses);
  guess = fitting.polish(guess, ['x', 'y', 'size']);
  guess = fitting.best(guess, VARIANTS.worn);
  return { ...guess, backdrop };
}

function secondGuess(picture: Picture, first: Explanation, figures: Figures): Explanation {
  const backdrop = behind(picture, first.cat, figures);
  const fitting = new Fitting(picture, backdrop, figures);
  let guess = fitting.guess(first.cat);
  guess = fitting.best(guess, VARIANTS.worn);
  guess = fitting.best(guess, VARIANTS.colours);
  guess = fitting.best(guess, VARIANTS.poses);
  guess = fitting.best(guess, [{ tilt: guess.cat.tilt - 0.12 }, { tilt: guess.cat.tilt + 0.12 }]);
  guess = fitting.polish(guess, ['x', 'y', 'size', 'tilt']);
  guess = fitting.best(guess, VARIANTS.eyes);
  guess = fitting.polish(guess, ['x', 'y', 'size', 'tilt', 'look']);
  return { ...guess, backdrop };
}

/** Size, place and pose hold one another: all are changed at once, and what looks best is moved to its place. */
function otherwiseBuilt(picture: Picture, guess: Explanation, figures: Figures): Explanation {
  return bestStart(
    picture,
    guess,
    figures,
    BUILDS.flatMap(([size, dy]) =>
      VARIANTS.poses.map((pose) => ({ ...guess.cat, ...pose, size, y: guess.cat.y + dy })),
    ),
  );
}

/**
 * What is worn, how the head leans and where it is hold one another: all are changed at once, and what
 * looks best is moved to its place.
 */
function otherwiseWorn(picture: Picture, guess: Explanation, figures: Figures): Explanation {
  return bestStart(
    picture,
    guess,
    figures,
    OTHERWISE.flatMap(([dy, tilt, larger]) =>
      VARIANTS.worn.map((worn) => ({
        ...guess.cat,
        ...worn,
        y: guess.cat.y + dy,
        tilt,
        size: Math.min(SIZES[1], guess.cat.size + larger),
      })),
    ),
  );
}

/** The best of a guess and of what the nearest of some cats become. */
function bestStart(
  picture: Picture,
  guess: Explanation,
  figures: Figures,
  cats: readonly Cat[],
): Explanation {
  const fitting = new Fitting(picture, guess.backdrop, figures);
  const starts = cats.map((cat) => fitting.guess(cat));
  starts.sort((a, b) => a.error - b.error);
  let best: Guess = guess;
  for (const start of starts.slice(0, STARTS)) {
    let other = start;
    for (let i = 0; i < 3; i++) {
      other = fitting.polish(other, ['x', 'y', 'size', 'tilt']);
      if (i === 0) other = fitting.best(other, VARIANTS.poses);
    }
    if (other.error < best.error) best = other;
  }
  return { ...best, backdrop: guess.backdrop };
}

/** At full size; what is settled there already is not asked again. */
function lastGuess(picture: Picture, { cat }: Explanation, figures: Figures): Explanation {
  const all = ['x', 'y', 'size', 'tilt', 'look'] as const;
  let fitting = new Fitting(picture, behind(picture, cat, figures), figures);
  let guess = fitting.polish(fitting.guess(cat), all);
  if (guess.error > CLOSE.last) {
    guess = fitting.best(guess, VARIANTS.eyes);
    guess = fitting.best(guess, VARIANTS.poses);
    guess = fitting.best(guess, VARIANTS.worn);
    guess = fitting.best(guess, VARIANTS.colours);
    guess = fitting.polish(guess, all);
  }
  const backdrop = behind(picture, guess.cat, figures);
  fitting = new Fitting(picture, backdrop, figures);
  guess = fitting.polish(fitting.guess(guess.cat), all);
  return { ...guess, cat: { ...guess.cat, background: backdrop.background }, backdrop };
}

function behind(picture: Picture, cat: Cat, figures: Figures): Backdrop {
  const figure = figures.draw(cat);
  const feet = [cat.y + FEET[0] * cat.size, cat.y + FEET[1] * cat.size];
  const range = [feet[0] - HORIZON.above, feet[1] - HORIZON.below] as const;
  return fitBackdrop(picture, figure.through, range, figure);
}

/** 1 where no cat with this head can reach. */
function aroundCat(size: number, head: HeadPlace): Float64Array {
  const pixel = 2 / size;
  const weight = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const dy = ((row + 0.5) * pixel - 1 - head.y) / head.size;
    for (let column = 0; column < size; column++) {
      const dx = ((column + 0.5) * pixel - 1 - head.x) / head.size;
      const isOutside = Math.abs(dx) > EXTENT.side || dy < -EXTENT.above || dy > EXTENT.below;
      if (isOutside) weight[row * size + column] = 1;
    }
  }
  return weight;
}
