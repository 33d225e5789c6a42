import { COLOURS, type Colour } from '../attributes.ts';
import { type Cat, type EyeShape, SIZES } from '../cat.ts';
import type { Layer, Part } from '../layer.ts';
import { layersOf } from '../layers.ts';
import { figureOfLayers } from './figure.ts';
import type { Picture } from './picture.ts';

/** Where a head may be, and whose. */
export interface HeadPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: Colour;
  readonly helmet: boolean;
  readonly eyes: EyeShape;
}

/** Heads are looked for in pictures of this size, at every half pixel. */
export const SEARCH_SIZE = 16;
const PIXEL = 2 / SEARCH_SIZE;
const HALVES = [0, 0.5];
/** What a hat may hide of a head and of a helmet, in heads above the middle. */
const HIDDEN_ABOVE = { head: 0.45, helmet: 1.2 };
/** Less than this much of a head is nothing to compare with, pixels. */
const LEAST_WEIGHT = 4;
/** Heads nearer to each other are one, halves of the picture's width. */
const APART = 0.1;
/** Centres of heads that a picture of a cat can have, halves of its width. */
const REACH = { x: 0.5, top: -0.4, bottom: 0.42 };

/** A head as it looks at a place, to be moved from there by whole pixels. */
interface Template extends HeadPlace {
  /** Of each pixel: row, column, weight, red, green, blue. */
  readonly pixels: Float64Array;
  readonly weight: number;
}

let templates: readonly Template[] | null = null;

/**
 * Places where a picture looks most like a head, likeliest first. Against one even colour, a head of little
 * contrast says little; by the difference alone, an even wall resembles a white one: both are asked.
 *
 * @param picture of {@link SEARCH_SIZE}
 */
export function findHeads(picture: Picture, most: number): HeadPlace[] {
  templates ??= makeTemplates();
  const likely = new BestByPlace();
  const near = new BestByPlace();
  for (const template of templates) compare(template, picture, likely, near);
  const [first, second] = [likely.apart(most), near.apart(most)];
  return apart(
    first.flatMap((head, i) => (second[i] ? [head, second[i]] : [head])),
    most,
  );
}

/** The least of a measure at each place, and what has it. */
class BestByPlace {
  readonly #least = new Map<number, { head: HeadPlace; value: number }>();

  offer(place: number, value: number, head: () => HeadPlace): void {
    const known = this.#least.get(place);
    if (!known || value < known.value) this.#least.set(place, { head: head(), value });
  }

  apart(most: number): HeadPlace[] {
    const sorted = [...this.#least.values()].sort((a, b) => a.value - b.value);
    return apart(
      sorted.map(({ head }) => head),
      most,
    );
  }
}

/** The first of a list that have other places than all before. */
function apart(list: readonly HeadPlace[], most: number): HeadPlace[] {
  const heads: HeadPlace[] = [];
  for (const head of list) {
    const isNew = heads.every(
      ({ x, y }) => Math.abs(x - head.x) > APART || Math.abs(y - head.y) > APART,
    );
    if (isNew) heads.push(head);
    if (heads.length === most) break;
  }
  return heads;
}

/** One template, moved by whole pixels. */
function compare(
  template: Template,
  { rgb }: Picture,
  likely: BestByPlace,
  near: BestByPlace,
): void {
  const { pixels, weight, colour, helmet, eyes, size } = template;
  const least = (from: number, to: number) => Math.ceil((from - to) / PIXEL);
  const most = (from: number, to: number) => Math.floor((from - to) / PIXEL);
  const lastDown = most(REACH.bottom, template.y);
  const lastRight = most(REACH.x, template.x);
  for (let down = least(REACH.top, template.y); down <= lastDown; down++) {
    for (let right = least(-REACH.x, template.x); right <= lastRight; right++) {
      let sum = 0;
      let seen = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let square = 0;
      for (let i = 0; i < pixels.length; i += 6) {
        const row = pixels[i] + down;
        const column = pixels[i + 1] + right;
        if (row < 0 || column < 0 || row >= SEARCH_SIZE || column >= SEARCH_SIZE) continue;
        const at = 3 * (row * SEARCH_SIZE + column);
        const w = pixels[i + 2];
        const r = rgb[at];
        const g = rgb[at + 1];
        const b = rgb[at + 2];
        const dr = r - pixels[i + 3];
        const dg = g - pixels[i + 4];
        const db = b - pixels[i + 5];
        sum += w * (dr * dr + dg * dg + db * db);
        seen += w;
        red += w * r;
        green += w * g;
        blue += w * b;
        square += w * (r * r + g * g + b * b);
      }
      if (seen < 0.8 * weight) continue;
      const x = template.x + right * PIXEL;
      const y = template.y + down * PIXEL;
      const flat = square - (red * red + green * green + blue * blue) / seen;
      const place = Math.round(((y + 2) * 128 * 2 + (x + 2) * 2) / PIXEL);
      const head = () => ({ x, y, size, colour, helmet, eyes });
      likely.offer(place, (sum - flat) / seen, head);
      near.offer(place, sum / seen, head);
    }
  }
}

function makeTemplates(): Template[] {
  const sizes = [0.17, 0.5, 0.83].map((share) => SIZES[0] + share * (SIZES[1] - SIZES[0]));
  const made: Template[] = [];
  for (const size of sizes) {
    for (const dx of HALVES) {
      for (const dy of HALVES) {
        for (const colour of COLOURS) {
          for (const helmet of [false, true]) {
            const cat = { ...PLAIN, size, x: dx * PIXEL, y: dy * PIXEL, colour, helmet };
            made.push(makeTemplate(cat));
            // Without its eyes, nothing of a white face is dark.
            if (colour === 'white') made.push(makeTemplate({ ...cat, eyes: 'happy' }));
          }
        }
      }
    }
  }
  return made.filter(({ weight }) => weight >= LEAST_WEIGHT);
}

const HEAD_PARTS: readonly Part[] = ['ears', 'head', 'face', 'eyes', 'helmet'];

function makeTemplate(cat: Cat): Template {
  const layers = layersOf(cat).filter(({ part }: Layer) => HEAD_PARTS.includes(part));
  const { colour, through } = figureOfLayers(layers, SEARCH_SIZE, 4);
  const top = cat.y - (cat.helmet ? HIDDEN_ABOVE.helmet : HIDDEN_ABOVE.head) * cat.size;
  const pixels: number[] = [];
  let weight = 0;
  for (let row = 0; row < SEARCH_SIZE; row++) {
    if ((row + 0.5) * PIXEL - 1 < top) continue;
    for (let column = 0; column < SEARCH_SIZE; column++) {
      const at = row * SEARCH_SIZE + column;
      const opaque = 1 - through[at];
      if (opaque < 0.5) continue;
      pixels.push(row, column, opaque);
      for (let k = 0; k < 3; k++) pixels.push(colour[3 * at + k] / opaque);
      weight += opaque;
    }
  }
  const { x, y, size, helmet, eyes } = cat;
  return {
    x,
    y,
    size,
    colour: cat.colour,
    helmet,
    eyes,
    weight,
    pixels: Float64Array.from(pixels),
  };
}

/** A cat whose nuisances are in the middle of all. */
export const PLAIN: Cat = {
  colour: 'red',
  hat: 'none',
  helmet: false,
  x: 0,
  y: 0,
  size: (SIZES[0] + SIZES[1]) / 2,
  tilt: 0,
  pose: 'sitting',
  mirrored: false,
  eyes: 'open',
  eyeColour: 'yellow',
  look: 0,
  background: { place: 'wall', upper: [1, 1, 1], lower: [1, 1, 1], horizon: 0 },
};
