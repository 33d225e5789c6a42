import { isReplayable } from '../protocol/sources.ts';
import type { SoughtMoment, StageSettings } from '../protocol/stage.ts';
import type { StagePolicy } from './stage-lane.ts';

/** How fast a stage plays: in real time, or to a moment that somebody waits for, as fast as it can. */
export class StagePace {
  /** Simulated seconds a second, where nobody waits. */
  speed: number;
  until: SoughtMoment | undefined;
  readonly #request: number;
  readonly #replayable: boolean;

  constructor(
    { request, speed }: StageSettings,
    policies: readonly StagePolicy[],
    until: SoughtMoment | undefined,
  ) {
    this.speed = speed;
    this.until = until;
    this.#request = request;
    // Who is asked elsewhere sets the pace: the others would run away from it.
    this.#replayable = policies.every(({ source }) => isReplayable(source));
  }

  /**
   * Whether somebody waits for what comes after a moment.
   *
   * @param episode number
   * @param step    control step
   */
  hurries(episode: number, step: number): boolean {
    const { until } = this;
    if (until?.request !== this.#request || until.episode !== episode) return false;
    return this.#replayable && until.step > step;
  }

  /** Of a control step, in real time, ms. */
  period(controlHz: number): number {
    return 1000 / (controlHz * this.speed);
  }
}
