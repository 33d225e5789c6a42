import { Random } from '../../policies/random.ts';
import {
  type Episode,
  type Perturbation,
  type PerturbationPart,
  partsOf,
} from '../../sim/index.ts';

/** Tells streams of perturbations from all that is drawn by a key of numbers alone: "perturb". */
const STREAM = [...'perturb'].map((letter) => letter.charCodeAt(0));

/**
 * The perturbations of one rollout. What they draw is a function of its key, of their name and of the
 * control step: other magnitudes, other policies and other perturbations beside it change none of it.
 */
export class Disturbance {
  readonly #parts: readonly PerturbationPart[];
  readonly #key: readonly number[];
  /** First where the arm was as it began; empty where nothing comes between them and the motors. */
  readonly #commands: Float32Array[] = [];

  /** @param noiseKey of the rollout, whose plans append their number to it */
  constructor(perturbation: Perturbation, noiseKey: readonly number[]) {
    this.#parts = partsOf(perturbation);
    this.#key = noiseKey;
  }

  /** Makes the world what it is to be; call it once, before the first control step. */
  build(episode: Episode): void {
    for (const { kind, magnitude } of this.#parts) {
      episode.disturb((bodies) => kind.build?.(bodies, magnitude));
    }
    if (this.#parts.some(({ kind }) => kind.deliver)) this.#commands.push(episode.observe().state);
  }

  /** Does what comes in the next control step; call it before each. */
  act(episode: Episode): void {
    const { steps, controlHz } = episode;
    const moment = { begin: steps / controlHz, end: (steps + 1) / controlHz };
    for (const { kind, magnitude } of this.#parts) {
      if (!kind.act) continue;
      const draws = this.#draws(kind.name);
      episode.disturb((bodies) => kind.act?.(bodies, magnitude, moment, draws));
    }
  }

  /**
   * What reaches the motors of a command; call it once a control step.
   *
   * @param command [Da]
   */
  deliver(command: ArrayLike<number>): ArrayLike<number> {
    if (this.#commands.length === 0) return command;
    this.#commands.push(Float32Array.from(command));
    return this.#parts.reduce(
      (delivered, { kind, magnitude }) => kind.deliver?.(this.#commands, magnitude) ?? delivered,
      command,
    );
  }

  /** Changes what is observed before control step `step`, in place. */
  sense(row: Float32Array, step: number): void {
    for (const { kind, magnitude } of this.#parts) {
      kind.sense?.(row, magnitude, this.#draws(kind.name, step));
    }
  }

  #draws(name: string, ...step: number[]): Random {
    const named = [...name].map((letter) => letter.charCodeAt(0));
    return Random.of(...STREAM, ...named, ...this.#key, ...step);
  }
}
