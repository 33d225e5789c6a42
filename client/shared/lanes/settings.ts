import { batch, type Signal, signal } from '@preact/signals';
import type { Chunking } from '../../../server/protocol/chunking.ts';
import type { Lane, StageRequest } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import type { Place } from '../tasks/placing.ts';
import { canBeTold, STAGE_TASKS, type StageTask } from '../tasks/stage-tasks.ts';
import { FIRST_CHOICES, LANES, type LaneId, type PerLane, perLane } from './lanes.ts';

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
  readonly task: Signal<StageTask>;
  /** Who acts, and how its chunks are drawn; null while no policy of the task is known. */
  readonly lanes: PerLane<Signal<Lane | null>>;
  /** Counts the times that a person chose who acts: each can be taken back. */
  readonly choices: Signal<number>;
  /** Ta, control steps; null for the server's default. */
  readonly actionHorizon: Signal<number | null>;
  readonly seed: Signal<number>;
  /** Which noise of the seed is drawn: same starts, other plans. */
  readonly noise: Signal<number>;
  /** Rows of the batches of an evaluation whose rollouts are played; null where each plan is alone. */
  readonly batch: Signal<number | null>;
  /** What is otherwise in all views, NAME=MAGNITUDE, several joined by "+"; null for nothing. */
  readonly perturb: Signal<string | null>;
  /** What arms do while a plan is made; null where each is there at once. */
  readonly chunking: Signal<Chunking | null>;
  /** Number of the episode shown, or to begin with. */
  readonly episode: Signal<number>;
  /** Where a person put the objects, in the task's order; null where the seed puts them. */
  readonly objects: Signal<readonly Place[] | null>;
  /** What a person says in every episode; null where each has a sentence of its own, if any. */
  readonly instruction: Signal<string | null>;
  /** Simulated seconds a second. */
  readonly speed: Signal<number>;
  /** Views say where the plans of policies that read look. */
  readonly attention: Signal<boolean>;
  /** All pages with these settings watch one stage, which none of them moves on. */
  readonly together: Signal<boolean>;
}

export function createSettings(): Settings {
  return {
    task: signal<StageTask>(STAGE_TASKS[0]),
    lanes: perLane((lane) => signal<Lane | null>(FIRST_CHOICES[lane])),
    choices: signal(0),
    actionHorizon: signal<number | null>(null),
    seed: signal(FIRST_SEED),
    noise: signal(0),
    batch: signal<number | null>(null),
    perturb: signal<string | null>(null),
    chunking: signal<Chunking | null>(null),
    episode: signal(0),
    objects: signal<readonly Place[] | null>(null),
    instruction: signal<string | null>(null),
    speed: signal(1),
    attention: signal(false),
    together: signal(false),
  };
}

/**
 * The settings as the server takes them. What restarts a stage is read as a dependency; episode,
 * speed and attention, which advance by themselves or change without a restart, only as they
 * are now.
 */
export function stageRequest(
  {
    task,
    lanes,
    actionHorizon,
    seed,
    noise,
    batch: rows,
    perturb,
    chunking,
    episode,
    objects,
    instruction,
    speed,
    attention,
    together,
  }: Settings,
  active: readonly LaneId[],
): StageRequest {
  const horizon = actionHorizon.value;
  const places = objects.value;
  const said = canBeTold(task.value) ? instruction.value : null;
  return {
    task: task.value,
    lanes: active.flatMap((lane) => lanes[lane].value ?? []),
    seed: seed.value,
    noise: noise.value,
    episode: episode.peek(),
    fan: FAN_SIZE,
    speed: speed.peek(),
    attention: attention.peek(),
    ...(rows.value !== null && { batch: rows.value }),
    ...(perturb.value !== null && { perturb: perturb.value }),
    ...(chunking.value && { chunking: chunking.value }),
    ...(horizon !== null && { actionHorizon: horizon }),
    ...(places !== null && { objects: places.map(([x, y]): [number, number] => [x, y]) }),
    ...(said !== null && { instruction: said }),
    ...(together.value && { together: true }),
  };
}

/** The same starts with other noise; the last one is followed by the first again. */
export function drawOtherNoise({ noise }: Pick<Settings, 'noise'>): void {
  noise.value = (noise.peek() + 1) % (LIMITS.noise + 1);
}

/**
 * Everything back to what a first visit of the task shows, but not the pace.
 *
 * @param first who acts then
 */
export function resetSettings(settings: Settings, first: PerLane<Lane | null>): void {
  batch(() => {
    for (const lane of LANES) settings.lanes[lane].value = first[lane];
    settings.choices.value++;
    settings.actionHorizon.value = null;
    settings.objects.value = null;
    settings.instruction.value = null;
    settings.noise.value = 0;
    settings.batch.value = null;
    settings.perturb.value = null;
    settings.chunking.value = null;
  });
}
