import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Lets others have their turn: what is asked about a moment must not hold up motion. */
export class Pace {
  readonly #hurries: () => boolean;
  #began = performance.now();

  /** @param hurries whether there is something that must not be held up for long */
  constructor(hurries: () => boolean) {
    this.#hurries = hurries;
  }

  /** To be called between two pieces of work: rests as long as the last took where there is a hurry. */
  async rest(): Promise<void> {
    const took = performance.now() - this.#began;
    await delay(this.#hurries() ? took : 0, undefined, { ref: false });
    this.#began = performance.now();
  }
}
