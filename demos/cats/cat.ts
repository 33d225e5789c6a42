import type { Random } from '../../policies/random.ts';
import { type Attributes, drawAttributes } from './attributes.ts';

export const POSES = ['sitting', 'waving', 'loaf'] as const;
export const EYE_SHAPES = ['open', 'happy'] as const;
export const EYE_COLOURS = ['yellow', 'green', 'blue'] as const;
export const PLACES = ['wall', 'room', 'meadow', 'space'] as const;
export type Pose = (typeof POSES)[number];
export type EyeShape = (typeof EYE_SHAPES)[number];
export type EyeColour = (typeof EYE_COLOURS)[number];
export type Place = (typeof PLACES)[number];

/** Red, green and blue in 0 … 1. */
export type Rgb = readonly [number, number, number];

/**
 * What is behind the cat. Lengths are halves of the picture's width, y downwards from the middle.
 */
export interface Background {
  readonly place: Place;
  /** Above, and below the horizon; a wall fades from one to the other. */
  readonly upper: Rgb;
  readonly lower: Rgb;
  /** y of the floor's, the hill's or the planet's edge; of no effect with a wall. Above the paws. */
  readonly horizon: number;
}

/** What no caption speaks of. Lengths are halves of the picture's width, y downwards. */
export interface Nuisances {
  /** Centre of the head. */
  readonly x: number;
  readonly y: number;
  /** Radius of the head. @range {@link SIZES} */
  readonly size: number;
  /** Rotation of the head, rad, clockwise. @range −0.2 to 0.2 */
  readonly tilt: number;
  readonly pose: Pose;
  /** Whether tail and raised paw are on the picture's left. */
  readonly mirrored: boolean;
  readonly eyes: EyeShape;
  readonly eyeColour: EyeColour;
  /** Where the pupils are, in the eye's radius. @range −0.35 to 0.35 */
  readonly look: number;
  readonly background: Background;
}

export interface Cat extends Attributes, Nuisances {}

/** Smallest and largest head. */
export const SIZES = [0.28, 0.38] as const;
/** Largest rotation of the head, rad; sideways look. */
export const MOST_TILT = 0.2;
export const MOST_LOOK = 0.35;
/** What the tallest cat, an astronaut with a hat, takes above the middle of its head; and below, in heads. */
const ABOVE = 2.46;
const BELOW = 2.36;
/** What a tail takes sideways, in heads. */
const BESIDE = 1.8;
/** Lowest point of the paws below the middle of the head, in heads. */
const FEET: Readonly<Record<Pose, number>> = { sitting: 2.26, waving: 2.26, loaf: 1.95 };

/** A cat of given attributes, or of those of training data. Consumes the same numbers for all cats. */
export function sampleCat(random: Random, attributes?: Attributes): Cat {
  const drawn = drawAttributes(random);
  const size = between(random, ...SIZES);
  const sideways = 0.95 - BESIDE * size;
  const x = between(random, -sideways, sideways);
  const y = between(random, ABOVE * size - 0.98, 0.98 - BELOW * size);
  const pose = oneOf(random, POSES);
  return {
    ...(attributes ?? drawn),
    size,
    x,
    y,
    tilt: between(random, -MOST_TILT, MOST_TILT),
    pose,
    mirrored: random.below(2) === 1,
    eyes: random.uniform() < 0.75 ? 'open' : 'happy',
    eyeColour: oneOf(random, EYE_COLOURS),
    look: between(random, -MOST_LOOK, MOST_LOOK),
    background: drawBackground(random, feetOf({ y, size, pose })),
  };
}

/** y of where a cat sits. */
export function feetOf({ y, size, pose }: Pick<Cat, 'y' | 'size' | 'pose'>): number {
  return y + FEET[pose] * size;
}

/** The floor reaches up behind the cat. */
function drawBackground(random: Random, feet: number): Background {
  const place = oneOf(random, PLACES);
  const [upper, lower] = PALETTES[place];
  const light = between(random, 0.92, 1.04);
  return {
    place,
    upper: shade(oneOf(random, upper), light),
    lower: shade(oneOf(random, lower), light),
    horizon: feet - between(random, 0.08, 0.45),
  };
}

/** By place: colours above and below the horizon. */
const PALETTES: Readonly<Record<Place, readonly [readonly Rgb[], readonly Rgb[]]>> = {
  wall: [
    [
      [0.93, 0.82, 0.72],
      [0.78, 0.88, 0.8],
      [0.82, 0.8, 0.93],
      [0.95, 0.78, 0.8],
    ],
    [
      [0.85, 0.7, 0.62],
      [0.66, 0.78, 0.76],
    ],
  ],
  room: [
    [
      [0.93, 0.87, 0.7],
      [0.72, 0.84, 0.88],
      [0.9, 0.76, 0.78],
    ],
    [
      [0.72, 0.56, 0.42],
      [0.6, 0.54, 0.62],
    ],
  ],
  meadow: [
    [
      [0.66, 0.86, 0.96],
      [0.96, 0.84, 0.76],
    ],
    [
      [0.6, 0.78, 0.42],
      [0.48, 0.7, 0.5],
    ],
  ],
  space: [
    [
      [0.36, 0.34, 0.52],
      [0.3, 0.44, 0.6],
    ],
    [
      [0.7, 0.64, 0.74],
      [0.78, 0.66, 0.56],
    ],
  ],
};

function shade([r, g, b]: Rgb, light: number): Rgb {
  return [Math.min(1, r * light), Math.min(1, g * light), Math.min(1, b * light)];
}

function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.uniform();
}

function oneOf<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)];
}
