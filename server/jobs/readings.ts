import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { Turns } from './turns.ts';

/** Readings in child processes, one after the other, and not too many that wait. */
export class Readings {
  readonly #what: string;
  readonly #turns = new Turns();
  #waiting = 0;

  /** @param what asks, for messages */
  constructor(what: string) {
    this.#what = what;
  }

  /** @throws ProtocolError 'busy' where too many wait; what the work throws */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= LIMITS.queuedReadings) {
      throw new ProtocolError(
        'busy',
        `${this.#what}: expected at most ${LIMITS.queuedReadings} readings at once; ask again in ` +
          'a moment',
      );
    }
    this.#waiting++;
    try {
      return await this.#turns.take(work);
    } finally {
      this.#waiting--;
    }
  }
}
