import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import {
  type xoroshiro128plus,
  xoroshiro128plusFromState,
} from 'pure-rand/generator/xoroshiro128plus';

/** A generator's whole state: what a checkpoint keeps of it. */
export type RandomState = readonly number[];

/** Standard normals, one after the other: where a row's noise comes from. */
export interface NoiseStream {
  /** Fills an array, and returns it. */
  fillNormal(out: Float32Array): Float32Array;
}

/**
 * Noise of a batch, each row from its own stream.
 *
 * @returns [rows, size]; rows beyond the last stream are zeros
 */
export function noiseOfRows(
  streams: readonly NoiseStream[],
  rows: number,
  size: number,
): Float32Array {
  const noise = new Float32Array(rows * size);
  streams.forEach((stream, row) => {
    stream.fillNormal(noise.subarray(row * size, (row + 1) * size));
  });
  return noise;
}

/**
 * A stream whose first array is given, and which then goes on as another one behind an array of the
 * same size: a plan from other starting noise, all that is drawn on its way held.
 */
export function startingWith(noise: Float32Array, stream: NoiseStream): NoiseStream {
  let begun = false;
  return {
    fillNormal(out) {
      stream.fillNormal(out);
      if (!begun) out.set(noise);
      begun = true;
      return out;
    },
  };
}

/** Seeded random numbers for learning: initial weights, noise, diffusion times. */
export class Random implements NoiseStream {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;
  /** Box–Muller makes normals in pairs; the second waits here. */
  #spare: number | null;

  private constructor(generator: ReturnType<typeof xoroshiro128plus>, spare: number | null) {
    this.#generator = generator;
    this.#spare = spare;
  }

  /**
   * An independent stream for each key, e.g. (seed, rollout, chunk): the same key gives the same
   * numbers whatever else was drawn before.
   */
  static of(...key: readonly number[]): Random {
    let h = 0x9e3779b9;
    const state = [0, 1, 2, 3].map((word) => {
      for (const part of [...key, word]) {
        h = mix(h ^ mix(part | 0) ^ mix(Math.floor(part / 2 ** 32) + 0x7f4a7c15));
        h = (h + 0x6d2b79f5) | 0;
      }
      return h;
    });
    return new Random(xoroshiro128plusFromState(state), null);
  }

  static fromState(state: RandomState): Random {
    const spare = state.length > 4 ? state[4] : null;
    return new Random(xoroshiro128plusFromState(state.slice(0, 4)), spare);
  }

  get state(): RandomState {
    const words = [...this.#generator.getState()];
    return this.#spare === null ? words : [...words, this.#spare];
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal, by Box–Muller. */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Fills an array with standard normals. */
  fillNormal(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
    return out;
  }
}

/** Murmur3's finaliser: every bit of the input changes half of the output's. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
