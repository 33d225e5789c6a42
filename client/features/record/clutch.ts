/**
 * What the keys ask of the hand. Directions on the table are those of the screen: `right` is what
 * the camera shows on the right.
 */
export const MOVES = ['left', 'right', 'away', 'near', 'up', 'down'] as const;
export type Move = (typeof MOVES)[number];

/** How long each move was asked for, s. */
export type HeldTimes = Readonly<Record<Move, number>>;

/** After so long without a sign of life the hand holds, s. */
export const SILENCE = 0.25;
/** Part of the speed while slow is asked for. */
export const SLOW = 0.3;

/**
 * Turns keys that are held into time, by the times of their events: how far the hand moves depends
 * on how long a key was held, and not on when the page got round to looking.
 *
 * A clutch: what is not held does not move. Losing the focus lets everything go, and of a silence
 * (the page was frozen, a key's release went elsewhere) no more than `SILENCE` counts.
 */
export class Clutch {
  readonly #held = new Set<Move>();
  #times = empty();
  #since = 0;
  #slow = false;

  /** @param at time of the event, s, on the same clock throughout */
  press(move: Move, at: number): void {
    this.#advance(at);
    this.#held.add(move);
  }

  release(move: Move, at: number): void {
    this.#advance(at);
    this.#held.delete(move);
  }

  releaseAll(at: number): void {
    this.#advance(at);
    this.#held.clear();
    this.#slow = false;
  }

  setSlow(slow: boolean, at: number): void {
    this.#advance(at);
    this.#slow = slow;
  }

  get engaged(): boolean {
    return this.#held.size > 0;
  }

  isHeld(move: Move): boolean {
    return this.#held.has(move);
  }

  /** Times since the last call; those asked for slowly count for less. */
  take(now: number): HeldTimes {
    this.#advance(now);
    const times = this.#times;
    this.#times = empty();
    return times;
  }

  #advance(now: number): void {
    const seconds = Math.min(SILENCE, Math.max(0, now - this.#since));
    this.#since = Math.max(this.#since, now);
    for (const move of this.#held) this.#times[move] += seconds * (this.#slow ? SLOW : 1);
  }
}

function empty(): Record<Move, number> {
  return { left: 0, right: 0, away: 0, near: 0, up: 0, down: 0 };
}
