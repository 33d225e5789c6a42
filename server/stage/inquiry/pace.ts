import { rest } from '../rest.ts';

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
    await rest(this.#hurries() ? took : 0);
    this.#began = performance.now();
  }
}
