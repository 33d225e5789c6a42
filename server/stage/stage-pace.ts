import { isReplayable } from '../protocol/sources.ts';
import type { SoughtMoment, StageSettings } from '../protocol/stage.ts';
import type { StageState } from '../protocol/stage-state.ts';
import type { StagePolicy } from './stage-lane.ts';

/** Where a stage is. */
interface Moment {
  /** Number of the episode. */
  readonly episode: number;
  /** Control step; infinite once the episode is over. */
  readonly step: number;
}

/**
 * How fast a stage plays: in real time, or to a moment that somebody waits for, as fast as it can. There it
 * rests, or at the end of an episode that is shorter: who receives slowly would not see it otherwise before
 * another episode has begun.
 */
export class StagePace {
  /** Simulated seconds a second, where nobody waits. */
  speed: number;
  /** Whether it is to play at all. */
  playing: boolean;
  until: SoughtMoment | undefined;
  #at: Moment | null = null;
  readonly #request: number;
  readonly #replayable: boolean;

  constructor(
    { request, speed }: StageSettings,
    policies: readonly StagePolicy[],
    { playing, until }: Pick<StageState, 'playing' | 'until'>,
  ) {
    this.speed = speed;
    this.playing = playing;
    this.until = until;
    this.#request = request;
    // Who is asked elsewhere sets the pace: the others would run away from it.
    this.#replayable = policies.every(({ source }) => isReplayable(source));
  }

  reach(moment: Moment): void {
    this.#at = moment;
  }

  /** Whether somebody waits for what comes next, and it can come sooner than in real time. */
  get hurries(): boolean {
    return this.#replayable && this.#left > 0;
  }

  /** Whether it goes on by itself: not once all that somebody waits for has come. */
  get plays(): boolean {
    return this.playing && !(this.#left <= 0);
  }

  /** Control steps from here to the moment that is waited for; none where it is not of this episode. */
  get #left(): number {
    const { until } = this;
    const here = until?.request === this.#request && until.episode === this.#at?.episode;
    return here && this.#at ? until.step - this.#at.step : Number.NaN;
  }

  /** Of a control step, in real time, ms. */
  period(controlHz: number): number {
    return 1000 / (controlHz * this.speed);
  }
}
