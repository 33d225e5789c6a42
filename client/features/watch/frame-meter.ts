/** Frames looked at before a judgement. */
const FRAMES = 24;
/** An average frame longer than this is slow, s. */
const SLOW = 0.1;
/** Longer gaps say nothing of drawing: the tab was in the background. s */
const GAP = 3;

/** Tells whether drawing is too slow to be watched. */
export class FrameMeter {
  #frames = 0;
  #seconds = 0;

  /** @param seconds since the frame before */
  isSlow(seconds: number): boolean {
    if (seconds <= 0 || seconds > GAP) return false;
    this.#frames++;
    this.#seconds += seconds;
    if (this.#frames < FRAMES) return false;
    const slow = this.#seconds / this.#frames > SLOW;
    this.#frames = 0;
    this.#seconds = 0;
    return slow;
  }
}
