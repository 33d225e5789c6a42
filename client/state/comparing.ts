import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Comparison, ComparisonEntry, Job } from '../../server/protocol/index.ts';
import { LANES, type LaneId } from '../lanes.ts';
import { type Action, createAction } from './action.ts';
import type { Connection } from './connection.ts';
import type { Jobs } from './jobs.ts';
import type { Settings } from './settings.ts';

/** The comparison that this page asked for last, and its last result. */
export interface KeptComparison {
  readonly job: string | null;
  readonly result: Comparison | null;
}

/** Keeps it over a reload of the page. */
export interface ComparisonMemory {
  read(): KeptComparison;
  write(kept: KeptComparison): void;
}

export interface Comparing {
  readonly rollouts: Signal<number>;
  readonly seed: Signal<number>;
  readonly included: Signal<readonly LaneId[]>;
  /** The last comparison that was asked for here; null where the server does not know it. */
  readonly job: ReadonlySignal<Job | null>;
  readonly result: ReadonlySignal<Comparison | null>;
  /** Takes its result from those that the server has kept, where it came while nobody listened. */
  recall(kept: readonly ComparisonEntry[]): void;
  /** Compares the policies as they are on the stage. */
  readonly start: Action<[]>;
}

export function createComparing(
  connection: Connection,
  jobs: Jobs,
  settings: Settings,
  memory: ComparisonMemory,
): Comparing {
  const rollouts = signal(25);
  const seed = signal(0);
  const included = signal<readonly LaneId[]>(LANES);
  const kept = memory.read();
  const asked = signal(kept.job);
  const result = signal(kept.result);
  const receive = (id: string, comparison: Comparison) => {
    // Results go to all pages; others have asked for theirs.
    if (id === asked.value) result.value = comparison;
  };
  connection.socket.on('comparison', receive);
  effect(() => memory.write({ job: asked.value, result: result.value }));
  return {
    rollouts,
    seed,
    included,
    job: computed(() => jobs.all.value.find(({ id }) => id === asked.value) ?? null),
    result,
    recall: (kept) => kept.forEach(({ id, comparison }) => void receive(id, comparison)),
    start: createAction(async () => {
      const horizon = settings.actionHorizon.value;
      const said = settings.instruction.value;
      const job = await connection.request('compare:start', {
        policies: LANES.filter((lane) => included.value.includes(lane)).flatMap(
          (lane) => settings.lanes[lane].value ?? [],
        ),
        rollouts: rollouts.value,
        seed: seed.value,
        ...(horizon === null ? {} : { actionHorizon: horizon }),
        ...(said ? { instruction: said } : {}),
      });
      asked.value = job.id;
    }),
  };
}
