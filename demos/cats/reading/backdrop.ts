import { lowerShare, starLight } from '../background.ts';
import { type Background, PLACES, type Place, type Rgb } from '../cat.ts';
import type { Figure } from './figure.ts';
import type { Picture } from './picture.ts';

/** A background as it was fitted, and its picture. */
export interface Backdrop {
  readonly background: Background;
  /** [size, size, 3] */
  readonly rgb: Float64Array;
  /** Mean square of what it leaves unexplained, over the pixels that show it. */
  readonly error: number;
}

/** Steps in which horizons are tried, halves of the picture's width. */
const STEP = 0.06;
/** Nearer than this a horizon is not told. */
const FINEST_STEP = 0.008;

/**
 * The background that explains best what shows of it, by least squares in its colours.
 *
 * @param weight [size, size], how far each pixel shows the background
 * @param range  of the horizon
 * @param figure what is before it, where that is known; else weights are of pixels without it
 */
export function fitBackdrop(
  picture: Picture,
  weight: Float64Array,
  [from, to]: readonly [number, number],
  figure?: Figure,
): Backdrop {
  const { size } = picture;
  // The search looks at a share of the pixels, the last fit at all.
  const some = samplesOf(picture, weight, size === 64 ? 3 : 1, figure);
  let best: Found | null = null;
  const attempt = (place: Place, horizon: number) => {
    const { error } = fitColours(some, size, place, horizon);
    if (!best || error < best.error) best = { error, place, horizon };
    return best;
  };
  let found = attempt('wall', 0);
  for (const place of PLACES) {
    if (place === 'wall') continue;
    for (let horizon = from; horizon <= to; horizon += STEP) found = attempt(place, horizon);
  }
  for (let step = STEP / 2; found.place !== 'wall' && step > FINEST_STEP; step /= 2) {
    const { place, horizon } = found;
    attempt(place, horizon - step);
    found = attempt(place, horizon + step);
  }
  const { place, horizon } = found;
  const all = size === 64 ? samplesOf(picture, weight, 1, figure) : some;
  const { upper, lower, error } = fitColours(all, size, place, horizon);
  const background: Background = { place, horizon, upper, lower };
  return { background, rgb: backdropOf(background, size), error };
}

interface Found {
  readonly error: number;
  readonly place: Place;
  readonly horizon: number;
}

/** Of each pixel that shows the background: its number, x, y, how far it does, weight, and colour. */
const SAMPLE = 8;

function samplesOf(
  { size, rgb }: Picture,
  weight: Float64Array,
  stride: number,
  figure?: Figure,
): Float64Array {
  const pixel = 2 / size;
  const samples: number[] = [];
  for (let at = 0; at < weight.length; at += stride) {
    const w = weight[at];
    if (w < LEAST_SHOWN) continue;
    const row = Math.floor(at / size);
    const x = (at - row * size + 0.5) * pixel - 1;
    samples.push(at, x, (row + 0.5) * pixel - 1, figure ? w : 1, figure ? 1 : w);
    for (let k = 0; k < 3; k++) {
      samples.push(rgb[3 * at + k] - (figure ? figure.colour[3 * at + k] : 0));
    }
  }
  return Float64Array.from(samples);
}

interface Fit {
  readonly upper: Rgb;
  readonly lower: Rgb;
  readonly error: number;
}

/** Normal equations of two colours: a pixel is u·upper + l·lower + stars. */
function fitColours(samples: Float64Array, size: number, place: Place, horizon: number): Fit {
  const pixel = 2 / size;
  const line = { place, horizon };
  const stars = place === 'space' ? starsOf(size) : null;
  let [uu, ul, ll, total] = [RIDGE, 0, RIDGE, 0];
  let [ur, ug, ub, lr, lg, lb, square] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < samples.length; i += SAMPLE) {
    const low = lowerShare(line, samples[i + 1], samples[i + 2], pixel);
    const star = stars ? (1 - low) * stars[samples[i]] : 0;
    const shown = samples[i + 3];
    const w = samples[i + 4];
    const u = shown * (1 - star) * (1 - low);
    const l = shown * (1 - star) * low;
    const r = samples[i + 5] - shown * star;
    const g = samples[i + 6] - shown * star;
    const b = samples[i + 7] - shown * star;
    total += w * shown * shown;
    uu += w * u * u;
    ul += w * u * l;
    ll += w * l * l;
    ur += w * u * r;
    ug += w * u * g;
    ub += w * u * b;
    lr += w * l * r;
    lg += w * l * g;
    lb += w * l * b;
    square += w * (r * r + g * g + b * b);
  }
  const determinant = uu * ll - ul * ul;
  const solve = (u: number, l: number) =>
    [(ll * u - ul * l) / determinant, (uu * l - ul * u) / determinant] as const;
  const [red, green, blue] = [solve(ur, lr), solve(ug, lg), solve(ub, lb)];
  const explained =
    red[0] * ur + red[1] * lr + green[0] * ug + green[1] * lg + blue[0] * ub + blue[1] * lb;
  return {
    upper: [red[0], green[0], blue[0]],
    lower: [red[1], green[1], blue[1]],
    error: (square - explained) / (3 * total + RIDGE),
  };
}

/** Keeps the equations solvable where one of the colours does not show. */
const RIDGE = 1e-6;
/** A pixel that shows less of the background says nothing about it. */
const LEAST_SHOWN = 0.05;

/** A background alone, [size, size, 3]. */
export function backdropOf(background: Background, size: number): Float64Array {
  const { upper, lower, place } = background;
  const pixel = 2 / size;
  const rgb = new Float64Array(3 * size * size);
  const stars = place === 'space' ? starsOf(size) : null;
  for (let row = 0; row < size; row++) {
    const y = (row + 0.5) * pixel - 1;
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      const low = lowerShare(background, (column + 0.5) * pixel - 1, y, pixel);
      const star = stars ? (1 - low) * stars[at] : 0;
      for (let k = 0; k < 3; k++) {
        const behind = upper[k] + (lower[k] - upper[k]) * low;
        rgb[3 * at + k] = behind + (1 - behind) * star;
      }
    }
  }
  return rgb;
}

const starFields = new Map<number, Float64Array>();

/** The stars' light as a picture of this size has it, [size, size]. */
function starsOf(size: number): Float64Array {
  const known = starFields.get(size);
  if (known) return known;
  const finer = 64 / size;
  const pixel = 2 / 64;
  const field = new Float64Array(size * size);
  for (let row = 0; row < 64; row++) {
    for (let column = 0; column < 64; column++) {
      const light = starLight((column + 0.5) * pixel - 1, (row + 0.5) * pixel - 1, pixel);
      const at = Math.floor(row / finer) * size + Math.floor(column / finer);
      field[at] += light / (finer * finer);
    }
  }
  starFields.set(size, field);
  return field;
}
