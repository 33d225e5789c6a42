import { batch, type Signal, signal } from '@preact/signals';
import type { Lane, StageRequest } from '../../server/protocol/index.ts';
import { FIRST_CHOICES, LANES, type LaneId, type PerLane, perLane } from '../lanes.ts';

/** Plans drawn at each inference. */
export const FAN_SIZE = 16;
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/**
 * What a first visit shows. Of many episodes half go each way; this seed's first ones already do,
 * where those of 0 happen to go left fifteen times in sixteen.
 */
export const FIRST_SEED = 4;
/** Control rate until the stage has told its own, Hz. */
export const DEFAULT_HZ = 20;

/** What the live stage shows, each part a signal. */
export interface Settings {
  /** Who acts, and how its chunks are drawn. */
  readonly lanes: PerLane<Signal<Lane>>;
  /** Counts the times that a person chose who acts: each can be taken back. */
  readonly choices: Signal<number>;
  /** Ta, control steps; null for the server's default. */
  readonly actionHorizon: Signal<number | null>;
  readonly seed: Signal<number>;
  /** Number of the episode shown, or to begin with. */
  readonly episode: Signal<number>;
  /** Where a person put the object, m; null where the seed puts it. */
  readonly object: Signal<readonly [x: number, y: number] | null>;
  /** Simulated seconds a second. */
  readonly speed: Signal<number>;
}

export function createSettings(): Settings {
  return {
    lanes: perLane((lane) => signal<Lane>(FIRST_CHOICES[lane])),
    choices: signal(0),
    actionHorizon: signal<number | null>(null),
    seed: signal(FIRST_SEED),
    episode: signal(0),
    object: signal<readonly [number, number] | null>(null),
    speed: signal(1),
  };
}

/**
 * The settings as the server takes them. Reads what begins a stage anew as dependencies; episode
 * and speed, which go on by themselves or change without a new beginning, only as they are now.
 */
export function stageRequest(
  { lanes, actionHorizon, seed, episode, object, speed }: Settings,
  active: readonly LaneId[],
): StageRequest {
  const horizon = actionHorizon.value;
  const place = object.value;
  return {
    lanes: active.map((lane) => lanes[lane].value),
    seed: seed.value,
    episode: episode.peek(),
    fan: FAN_SIZE,
    speed: speed.peek(),
    ...(horizon === null ? {} : { actionHorizon: horizon }),
    ...(place === null ? {} : { object: [place[0], place[1]] }),
  };
}

/** Everything back to what a first visit shows, but not the pace. */
export function resetSettings(settings: Settings): void {
  batch(() => {
    for (const lane of LANES) settings.lanes[lane].value = FIRST_CHOICES[lane];
    settings.choices.value++;
    settings.actionHorizon.value = null;
    settings.object.value = null;
  });
}
