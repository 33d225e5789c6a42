import {
  type CatScore,
  COLOURS,
  drawCat,
  HATS,
  obeys,
  type PictureSize,
  type Rejection,
  SEEN,
  sameAttributes,
  sampleCat,
} from '../../demos/cats/index.ts';
import { Random } from '../../policies/random.ts';
import type { Proportion } from '../protocol/results.ts';
import { clusteredProportion } from '../statistics/index.ts';
import { type Asked, PER_CAPTION } from './asked.ts';
import { type Diversity, diversityOf } from './diversity.ts';
import { type NeighbourTest, nearestNeighbourTest } from './nearest-neighbour.ts';
import { slicedWasserstein } from './sliced-wasserstein.ts';

/** How pictures of a group did. Intervals count what is shared by a caption once. */
export interface Appraisal {
  readonly pictures: number;
  /** Show a cat that is what the caption asks for; a rejected one does not. */
  readonly obeyed: Proportion;
  readonly rejected: Proportion;
  /** Show the very attributes of the cat that the caption was drawn from: for true cats, what is read right. */
  readonly same: Proportion;
  readonly reasons: Readonly<Partial<Record<Rejection, number>>>;
  /** The same of captions that more than one combination of attributes obeys. */
  readonly open: { readonly obeyed: Proportion; readonly rejected: Proportion };
  readonly diversity: Diversity;
}

/** @param scores {@link PER_CAPTION} of each caption, one caption after the other */
export function appraise(asked: readonly Asked[], scores: readonly CatScore[]): Appraisal {
  const groups = asked.map((each, i) => ({
    ...each,
    scores: scores.slice(i * PER_CAPTION, (i + 1) * PER_CAPTION),
  }));
  type Group = (typeof groups)[number];
  const share = (
    of: readonly Group[],
    holds: (score: CatScore, group: Group, place: number) => boolean,
  ) =>
    clusteredProportion(
      of.map((group) => ({
        k: group.scores.filter((score, place) => holds(score, group, place)).length,
        n: group.scores.length,
      })),
    );
  const obeyed = ({ cat, rejected }: CatScore, { constraint }: Group) =>
    rejected === null && obeys(cat, constraint);
  const isRejected = ({ rejected }: CatScore) => rejected !== null;
  const reasons: Partial<Record<Rejection, number>> = {};
  for (const { rejected } of scores) {
    if (rejected !== null) reasons[rejected] = (reasons[rejected] ?? 0) + 1;
  }
  const open = groups.filter(({ isOpen }) => isOpen);
  return {
    pictures: scores.length,
    obeyed: share(groups, obeyed),
    rejected: share(groups, isRejected),
    same: share(
      groups,
      ({ cat, rejected }, { attributes }, place) =>
        rejected === null && sameAttributes(cat, attributes[place]),
    ),
    reasons,
    open: { obeyed: share(open, obeyed), rejected: share(open, isRejected) },
    diversity: diversityOf(groups.map((group) => acceptedOf(group.scores))),
  };
}

function acceptedOf(scores: readonly CatScore[]) {
  return scores.filter(({ rejected }) => rejected === null).map(({ cat }) => cat);
}

/** How often a value of an attribute is drawn, and is in the data. */
export interface Share {
  readonly attribute: 'colour' | 'hat' | 'helmet';
  readonly value: string;
  readonly drawn: number;
  readonly data: number;
}

/** Shares of all values of attributes among accepted pictures, and in the data of training. */
export function sharesOf(scores: readonly CatScore[]): Share[] {
  const cats = acceptedOf(scores);
  const values = [
    ...COLOURS.map((value) => ['colour', value] as const),
    ...HATS.map((value) => ['hat', value] as const),
    ...[false, true].map((value) => ['helmet', value] as const),
  ];
  return values.map(([attribute, value]) => {
    const shareOf = (list: readonly Pick<(typeof SEEN)[number], typeof attribute>[]) =>
      list.filter((each) => each[attribute] === value).length / Math.max(1, list.length);
    return { attribute, value: String(value), drawn: shareOf(cats), data: shareOf(SEEN) };
  });
}

/** How far pictures are from true cats, all together. */
export interface Distances {
  /** Of pictures as points, in units of a number's range of ±1. */
  readonly slicedWasserstein: number;
  readonly neighbours: NeighbourTest;
}

export interface PictureSample {
  readonly size: PictureSize;
  /** [n, size, size, 3] */
  readonly pictures: Float32Array;
}

/** Pictures of either sample in the nearest neighbours' test, whose cost is their square. */
const NEIGHBOURS = 500;
/** The streams of a seed that true cats and directions come from. */
const TRUE_CATS = 204;
const DIRECTIONS = 205;

/** Of pictures and of as many cats. */
export function distancesOf(
  { size, pictures }: PictureSample,
  cats: Float32Array,
  seed: number,
): Distances {
  const numbers = 3 * size * size;
  const random = Random.of(seed, DIRECTIONS);
  const some = NEIGHBOURS * numbers;
  return {
    slicedWasserstein: slicedWasserstein(pictures, cats, numbers, { random }),
    neighbours: nearestNeighbourTest(pictures.subarray(0, some), cats.subarray(0, some), numbers),
  };
}

/**
 * Cats that captions were drawn from, as pictures: {@link PER_CAPTION} of each.
 *
 * @param sample another number, other cats of the same attributes
 */
export function trueCats(
  asked: readonly Asked[],
  size: PictureSize,
  { seed, sample }: { seed: number; sample: number },
): Float32Array {
  const numbers = 3 * size * size;
  const pictures = new Float32Array(asked.length * PER_CAPTION * numbers);
  for (let i = 0; i < asked.length * PER_CAPTION; i++) {
    const random = Random.of(seed, TRUE_CATS, sample, i);
    const cat = sampleCat(random, asked[Math.floor(i / PER_CAPTION)].attributes[i % PER_CAPTION]);
    pictures.set(drawCat(cat, size), i * numbers);
  }
  return pictures;
}
