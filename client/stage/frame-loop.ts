/** Draws one frame at time `now` (ms) and says whether the next one would differ. */
export type Draw = (now: number) => boolean;

/**
 * Draws on demand: nothing happens until `invalidate`, then one frame, then more only while
 * something still moves. Browsers run no animation frames in a hidden tab, so neither does this.
 */
export class FrameLoop {
  readonly #draw: Draw;
  #request = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  invalidate(): void {
    this.#request ||= requestAnimationFrame(this.#run);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  readonly #run = (now: number): void => {
    this.#request = 0;
    if (this.#draw(now)) this.invalidate();
  };
}
