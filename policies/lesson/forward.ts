import { squaredCosineSchedule } from '../noise-schedule.ts';
import { diffusionLevel } from '../paths.ts';
import { Random } from '../random.ts';

/** What is left of data after k steps of noising. */
export interface Noised {
  /** As many numbers as the data: √ᾱ_k·data + √(1−ᾱ_k)·ε. */
  readonly values: Float32Array;
  /** Part of the variance that is still the data's. */
  readonly alphaBar: number;
  /** ᾱ/(1−ᾱ); infinite at k = 0. */
  readonly signalToNoise: number;
}

/**
 * The forward process of diffusion on one chunk: no network, no parameters. One draw of noise
 * serves all k, so that one sees it drown the data little by little.
 *
 * @see Ho et al. 2020, eq. 4, arXiv:2006.11239
 */
export class ForwardProcess {
  /** K */
  readonly steps: number;
  readonly #data: Float32Array;
  readonly #noise: Float32Array;
  readonly #alphaBar: Float64Array;

  /** @param data normalised */
  constructor(data: ArrayLike<number>, { steps, seed }: { steps: number; seed: number }) {
    this.steps = steps;
    this.#data = Float32Array.from(data);
    this.#noise = Random.of(seed).fillNormal(new Float32Array(data.length));
    this.#alphaBar = squaredCosineSchedule(steps);
  }

  /** @param k 0 … K */
  at(k: number): Noised {
    const alphaBar = this.#alphaBar[k];
    const { signal, noise } = diffusionLevel(alphaBar);
    return {
      values: this.#data.map((value, i) => signal * value + noise * this.#noise[i]),
      alphaBar,
      signalToNoise: alphaBar / (1 - alphaBar),
    };
  }
}
