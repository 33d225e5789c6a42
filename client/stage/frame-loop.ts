/** Draws one frame at time `now` (ms) and says whether the next one would differ. */
export type Draw = (now: number) => boolean;

/** Longest pause after a frame, ms: however slowly it is drawn, the picture keeps moving. */
const LONGEST_REST = 250;

/**
 * Draws on demand: nothing happens until `invalidate`, then one frame, then more only while
 * something still moves. Browsers run no animation frames in a hidden tab, so neither does this.
 */
export class FrameLoop {
  readonly #draw: Draw;
  readonly #onDue: (due: boolean) => void;
  /** Of the animation frame that comes next: to draw in, or to see when the last one was done. */
  #request = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #period = 0;
  /** The next frame would differ. */
  #due = false;
  /** The browser has not got rid of the last one. */
  #busy = false;

  /** @param onDue told when a frame is due, and when none is any more */
  constructor(draw: Draw, onDue: (due: boolean) => void = () => {}) {
    this.#draw = draw;
    this.#onDue = onDue;
  }

  /**
   * Draws at most once a period, ms, and rests after each frame for as long as it took: where the CPU
   * draws, it has the policies to run as well. 0: as fast as the screen.
   */
  setPeriod(period: number): void {
    this.#period = period;
  }

  invalidate(): void {
    this.#setDue(true);
    if (this.#request === 0 && this.#rest === undefined) this.#ask(this.#run);
  }

  /**
   * Within an animation frame: draws in it what is due, without a rest; not before the browser has
   * got rid of the last one, where that is known.
   *
   * @param now ms
   */
  drawNow(now: number): void {
    if (!this.#due || this.#busy) return;
    this.stop();
    this.#run(now);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#rest);
    this.#request = 0;
    this.#rest = undefined;
    this.#setDue(false);
    this.#busy = false;
  }

  #setDue(due: boolean): void {
    if (due === this.#due) return;
    this.#due = due;
    this.#onDue(due);
  }

  #ask(then: (now: number) => void): void {
    this.#request = requestAnimationFrame((now) => {
      this.#request = 0;
      then(now);
    });
  }

  readonly #run = (now: number): void => {
    this.#setDue(this.#draw(now));
    // A browser offers the next frame when it has got rid of the last one.
    this.#busy = this.#period > 0;
    if (this.#busy) this.#ask((next) => this.#restAfter(next - now));
    else if (this.#due) this.#ask(this.#run);
  };

  /** @param took from one frame to when the next could have begun, ms */
  #restAfter(took: number): void {
    this.#busy = false;
    const rest = Math.max(this.#period - took, Math.min(took, LONGEST_REST));
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#due) this.#ask(this.#run);
    }, rest);
  }
}
