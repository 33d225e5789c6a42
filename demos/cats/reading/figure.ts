import { Canvas } from '../canvas.ts';
import type { Cat } from '../cat.ts';
import type { Layer, Part } from '../layer.ts';
import { LAYER_GROUPS, type LayerGroup, layersOf } from '../layers.ts';
import { meansOf } from './picture.ts';

/** A cat without anything behind it. */
export interface Figure {
  readonly size: number;
  /** Colour times opacity, [size, size, 3]. */
  readonly colour: Float64Array;
  /** What shows of the background, [size, size]. */
  readonly through: Float64Array;
}

/**
 * @param finer pixels that one is the mean of, along an edge: what is thinner than a pixel needs them
 */
export function figureOf(cat: Cat, size: number, finer: number): Figure {
  return figureOfLayers(layersOf(cat), size, finer);
}

export function figureOfLayers(layers: readonly Layer[], size: number, finer: number): Figure {
  const canvas = new Canvas(size * finer);
  for (const layer of layers) canvas.paint(layer);
  return figureOn(canvas, finer);
}

/** Groups of layers whose like is kept: all but those that nothing is drawn on. */
const KEPT = LAYER_GROUPS.slice(0, -1);

/**
 * Draws figures of cats of which many differ in a few properties: what lies below the first layers that
 * differ is taken from a cat before. Reading a picture takes four fifths of the time with it. Its canvases are
 * made once: with a new one for each, all of that was lost.
 */
export class Figures {
  readonly size: number;
  readonly finer: number;
  readonly #empty: Canvas;
  readonly #canvas: Canvas;
  /** By group: what was drawn up to it, latest first, with a helmet and without: hats are tried on both. */
  readonly #kept: Kept[][];

  /** @param finer as of {@link figureOf} */
  constructor(size: number, finer: number) {
    this.size = size;
    this.finer = finer;
    const canvas = () => new Canvas(size * finer);
    this.#empty = canvas();
    this.#canvas = canvas();
    this.#kept = KEPT.map(() => [
      { cat: null, canvas: canvas() },
      { cat: null, canvas: canvas() },
    ]);
  }

  /** @returns what {@link figureOf} does, to the bit; it may be drawn over by the next */
  draw(cat: Cat): Figure {
    let drawn = KEPT.length;
    let below: Canvas | undefined;
    while (drawn > 0 && !below) {
      below = this.#drawnBefore(cat, drawn);
      if (!below) drawn--;
    }
    this.#canvas.become(below ?? this.#empty);
    for (; drawn < LAYER_GROUPS.length; drawn++) {
      for (const layer of LAYER_GROUPS[drawn].layersOf(cat)) this.#canvas.paint(layer);
      if (drawn < KEPT.length) this.#keep(cat, this.#kept[drawn]);
    }
    return figureOn(this.#canvas, this.finer);
  }

  /** A canvas with so many groups on it as they are of a cat. */
  #drawnBefore(cat: Cat, groups: number): Canvas | undefined {
    const isLike = (other: Cat) =>
      LAYER_GROUPS.slice(0, groups).every((group) => isSame(group, other, cat));
    return this.#kept[groups - 1].find(({ cat: other }) => other && isLike(other))?.canvas;
  }

  /** In the place of what was kept longest. */
  #keep(cat: Cat, kept: Kept[]): void {
    kept.reverse();
    kept[0].cat = cat;
    kept[0].canvas.become(this.#canvas);
  }
}

interface Kept {
  cat: Cat | null;
  readonly canvas: Canvas;
}

function isSame({ of }: LayerGroup, a: Cat, b: Cat): boolean {
  return of.every((key) => a[key] === b[key]);
}

function figureOn({ size: pixels, colour, through }: Canvas, finer: number): Figure {
  const size = pixels / finer;
  if (finer === 1) return { size, colour, through };
  return {
    size,
    colour: meansOf(colour, pixels, finer, 3),
    through: meansOf(through, pixels, finer, 1),
  };
}

/** Lays the figure over a background, [size, size, 3]. */
export function before(
  { colour, through }: Figure,
  background: Float64Array,
  out = new Float64Array(colour.length),
): Float64Array {
  for (let pixel = 0; pixel < through.length; pixel++) {
    const at = 3 * pixel;
    out[at] = colour[at] + through[pixel] * background[at];
    out[at + 1] = colour[at + 1] + through[pixel] * background[at + 1];
    out[at + 2] = colour[at + 2] + through[pixel] * background[at + 2];
  }
  return out;
}

/**
 * Where one sees parts of a cat.
 *
 * @returns [size, size]: the share of each pixel that shows them
 */
export function regionOf(cat: Cat, parts: readonly Part[], size: number): Float64Array {
  const marked = layersOf(cat).map(({ edge, ...layer }): Layer => {
    const colour = parts.includes(layer.part) ? WHITE : BLACK;
    return { ...layer, colour, ...(edge && { edge: colour }) };
  });
  const { colour } = figureOfLayers(marked, size, FINEST / size);
  return Float64Array.from({ length: size * size }, (_, pixel) => colour[3 * pixel]);
}

const FINEST = 64;
const WHITE = [1, 1, 1] as const;
const BLACK = [0, 0, 0] as const;
