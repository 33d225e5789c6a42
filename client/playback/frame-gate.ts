/** Steps an episode may be ahead of the clock: messages arrive in bursts. */
const TOLERANCE = 8;
const PACE_TOLERANCE = 1.5;

/**
 * Tells an episode's own frames from stragglers of the one before: frames do not say which episode
 * they belong to, and one that had to wait may come after the next episode was announced. A
 * straggler is further into an episode than the new one can be.
 */
export class FrameGate {
  #since = 0;
  #stepsASecond = 20;

  /**
   * @param now          s
   * @param stepsASecond control steps a second of real time, at the highest pace there is
   */
  begin(now: number, stepsASecond: number): void {
    this.#since = now;
    this.#stepsASecond = stepsASecond;
  }

  admits(step: number, now: number): boolean {
    return step <= TOLERANCE + PACE_TOLERANCE * this.#stepsASecond * (now - this.#since);
  }
}
