import type { Episode } from '../../sim/index.ts';
import type { Disturbance } from './disturbance.ts';

/** The last To observations of an episode, as a policy reads them. */
export class ObservationHistory {
  readonly #horizon: number;
  readonly #rows: Float32Array[] = [];

  /** @param horizon To, control steps */
  constructor(horizon: number) {
    this.#horizon = horizon;
  }

  /**
   * Takes in what is seen now; call it once a control step, before the step.
   *
   * @param disturbance of what is seen
   */
  observe(episode: Episode, disturbance: Disturbance | null = null): void {
    const { state, environment } = episode.observe();
    const row = new Float32Array(state.length + environment.length);
    row.set(state);
    row.set(environment, state.length);
    disturbance?.sense(row, episode.steps);
    this.#rows.push(row);
    if (this.#rows.length > this.#horizon) this.#rows.shift();
  }

  /**
   * Writes [To, Do], oldest first. Do may be only the first part of what is seen: a policy with a
   * camera is given `observation.state` and nothing of the scene. Before the first observation
   * there is none: it stands in.
   */
  write(out: Float32Array): void {
    const size = out.length / this.#horizon;
    const missing = this.#horizon - this.#rows.length;
    for (let i = 0; i < this.#horizon; i++) {
      out.set(this.#rows[Math.max(0, i - missing)].subarray(0, size), i * size);
    }
  }
}
