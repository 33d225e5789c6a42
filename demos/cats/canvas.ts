import type { Rgb } from './cat.ts';
import { EDGE, type Layer } from './layer.ts';

/**
 * A transparent square on which shapes are laid one over the other. It spans −1 … 1 both ways, y
 * downwards.
 */
export class Canvas {
  /** Pixels along an edge. */
  readonly size: number;
  /** Colour times opacity, [size, size, 3] in 0 … 1. */
  readonly colour: Float64Array;
  /** What shows of what is behind, [size, size] in 0 … 1. */
  readonly through: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.colour = new Float64Array(3 * size * size);
    this.through = new Float64Array(size * size).fill(1);
  }

  /** Takes over what is on another of the same size. */
  become({ colour, through }: Canvas): void {
    this.colour.set(colour);
    this.through.set(through);
  }

  /** Lays a shape over what is there; a pixel at its edge takes the part of it that lies inside. */
  paint({ shape: { box, distance }, colour, opacity = 1, edge }: Layer): void {
    const { size } = this;
    const pixel = 2 / size;
    const margin = edge ? EDGE : 0;
    const first = (from: number) => Math.max(0, Math.floor((from + 1) / pixel - 0.5));
    const last = (to: number) => Math.min(size - 1, Math.floor((to + 1) / pixel + 0.5));
    const left = first(box[0] - margin);
    const right = last(box[2] + margin);
    const bottom = last(box[3] + margin);
    for (let row = first(box[1] - margin); row <= bottom; row++) {
      const y = (row + 0.5) * pixel - 1;
      for (let column = left; column <= right; column++) {
        const away = distance((column + 0.5) * pixel - 1, y);
        const inside = 0.5 - away / pixel;
        const at = row * size + column;
        if (edge && inside < 1) {
          const grown = 0.5 - (away - EDGE) / pixel;
          if (grown > 0) this.#cover(at, edge, opacity * Math.min(1, grown));
        }
        if (inside > 0) this.#cover(at, colour, opacity * Math.min(1, inside));
      }
    }
  }

  #cover(at: number, rgb: Rgb, share: number): void {
    const { colour, through } = this;
    const kept = 1 - share;
    through[at] *= kept;
    colour[3 * at] = colour[3 * at] * kept + rgb[0] * share;
    colour[3 * at + 1] = colour[3 * at + 1] * kept + rgb[1] * share;
    colour[3 * at + 2] = colour[3 * at + 2] * kept + rgb[2] * share;
  }
}
