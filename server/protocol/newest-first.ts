/** Messages that may be on their way unacknowledged. */
const WINDOW = 4;
/** The same while there are any of which none may be missing. */
const KEEPING_WINDOW = 16;
/** Of those so many may wait: more than an episode has control steps. */
const MOST_KEPT = 4096;

/**
 * Sends a stream whose newest item matters most to a receiver that may be slow: a few items are
 * on their way at once, and of those that must wait only the newest is kept, but for those that are asked
 * to be. What piles up for a receiver that has stopped reading is therefore bounded.
 *
 * @param send sends one item and calls back when it has been received
 */
export class NewestFirst<T> {
  readonly #send: (item: T, received: () => void) => void;
  readonly #kept: T[] = [];
  #underway = 0;
  #waiting: T | null = null;

  constructor(send: (item: T, received: () => void) => void) {
    this.#send = send;
  }

  /** @param keep sent whatever comes after it. @default only while it is the newest */
  offer(item: T, keep = false): void {
    if (keep) {
      if (this.#waiting !== null) this.#kept.push(this.#waiting);
      this.#waiting = null;
      this.#kept.push(item);
      this.#kept.splice(0, this.#kept.length - MOST_KEPT);
    } else this.#waiting = item;
    this.#sendOn();
  }

  #sendOn(): void {
    while (this.#underway < KEEPING_WINDOW) {
      const item = this.#kept.shift() ?? this.#takeWaiting();
      if (item === null) return;
      this.#underway++;
      this.#send(item, () => {
        this.#underway--;
        this.#sendOn();
      });
    }
  }

  #takeWaiting(): T | null {
    if (this.#underway >= WINDOW) return null;
    const item = this.#waiting;
    this.#waiting = null;
    return item;
  }
}
