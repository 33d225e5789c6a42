import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Comparison, Job } from '../../server/protocol/index.ts';
import { LANES, type LaneId } from '../lanes.ts';
import { type Action, createAction } from './action.ts';
import type { Connection } from './connection.ts';
import { isActive, type Jobs } from './jobs.ts';
import type { Settings } from './settings.ts';

/** Keeps the last result over a reload of the page. */
export interface ComparisonMemory {
  read(): Comparison | null;
  write(comparison: Comparison): void;
}

export interface Comparing {
  readonly rollouts: Signal<number>;
  readonly seed: Signal<number>;
  readonly included: Signal<readonly LaneId[]>;
  /** The comparison under way or the last one. */
  readonly job: ReadonlySignal<Job | null>;
  readonly result: ReadonlySignal<Comparison | null>;
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
  const result = signal<Comparison | null>(memory.read());
  connection.socket.on('comparison', (_id, comparison) => {
    result.value = comparison;
  });
  effect(() => {
    if (result.value) memory.write(result.value);
  });
  const mine = computed(() => jobs.all.value.filter(({ kind }) => kind === 'compare'));
  return {
    rollouts,
    seed,
    included,
    job: computed(() => mine.value.find(isActive) ?? mine.value.at(-1) ?? null),
    result,
    start: createAction(async () => {
      const horizon = settings.actionHorizon.value;
      await connection.request('compare:start', {
        policies: LANES.filter((lane) => included.value.includes(lane)).map((lane) => {
          const nfe = settings.nfe[lane].value;
          const policy = settings.sources[lane].value;
          return { policy, ...(nfe === null ? {} : { nfe }) };
        }),
        rollouts: rollouts.value,
        seed: seed.value,
        ...(horizon === null ? {} : { actionHorizon: horizon }),
      });
    }),
  };
}
