/** Messages that may be on their way unacknowledged. */
const WINDOW = 4;

/**
 * Sends a stream whose newest item matters most to a receiver that may be slow: a few items are
 * on their way at once, and of those that must wait only the newest is kept. What piles up for a
 * receiver that has stopped reading is therefore bounded.
 *
 * @param send sends one item and calls back when it has been received
 */
export class NewestFirst<T> {
  readonly #send: (item: T, received: () => void) => void;
  #underway = 0;
  #waiting: T | null = null;

  constructor(send: (item: T, received: () => void) => void) {
    this.#send = send;
  }

  offer(item: T): void {
    if (this.#underway >= WINDOW) {
      this.#waiting = item;
      return;
    }
    this.#underway++;
    this.#send(item, () => this.#received());
  }

  #received(): void {
    this.#underway--;
    const item = this.#waiting;
    if (item === null) return;
    this.#waiting = null;
    this.offer(item);
  }
}
