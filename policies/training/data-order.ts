import { Random } from '../random.ts';

/**
 * The order in which windows are seen: a fresh shuffle each epoch, a pure function of
 * (seed, epoch), so that a resumed run continues where it stopped.
 */
export class DataOrder {
  readonly #seed: number;
  readonly #count: number;
  #epoch = -1;
  #order: Uint32Array;

  constructor(seed: number, count: number) {
    this.#seed = seed;
    this.#count = count;
    this.#order = new Uint32Array(count);
  }

  /** Window at a place of the endless sequence of epochs. */
  at(place: number): number {
    const epoch = Math.floor(place / this.#count);
    if (epoch !== this.#epoch) this.#shuffle(epoch);
    return this.#order[place - epoch * this.#count];
  }

  #shuffle(epoch: number): void {
    const random = Random.of(this.#seed, STREAM.order, epoch);
    for (let i = 0; i < this.#count; i++) {
      // Fisher–Yates, inside out.
      const j = random.below(i + 1);
      this.#order[i] = this.#order[j];
      this.#order[j] = i;
    }
    this.#epoch = epoch;
  }
}

/** Independent streams of a run's seed. */
export const STREAM = {
  weights: 1,
  order: 2,
  noise: 3,
  reflow: 4,
  straightness: 5,
  drop: 6,
} as const;
