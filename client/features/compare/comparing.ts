import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Comparison, ComparisonEntry, Job } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import { usualStarts } from '../../../server/protocol/starts.ts';
import { LANES, type LaneId } from '../../shared/lanes/lanes.ts';
import type { Settings } from '../../shared/lanes/settings.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection } from '../../shared/link/connection.ts';
import type { Jobs } from '../../shared/link/jobs.ts';

/** The comparison that this page asked for last, and its last result. */
export interface KeptComparison {
  readonly job: string | null;
  readonly result: Comparison | null;
  /** When the result came, ISO 8601; left out where that is not known. */
  readonly at?: string;
}

/** Keeps it over a reload of the page. */
export interface ComparisonMemory {
  read(): KeptComparison;
  write(kept: KeptComparison): void;
}

export interface Comparing {
  readonly rollouts: Signal<number>;
  /** Null: about the root of the rollouts. */
  readonly starts: Signal<number | null>;
  readonly seed: Signal<number>;
  readonly included: Signal<readonly LaneId[]>;
  /** What each policy is also rolled out with, NAME=MAGNITUDE; undefined: nothing. */
  readonly perturbed: Signal<string[] | undefined>;
  /** The last comparison that was asked for here; null where the server does not know it. */
  readonly job: ReadonlySignal<Job | null>;
  readonly result: ReadonlySignal<Comparison | null>;
  /** When that came, ISO 8601; null where it is not known. */
  readonly at: ReadonlySignal<string | null>;
  /** The last results that the server has kept, of this page and of others, newest first. */
  readonly kept: ReadonlySignal<readonly ComparisonEntry[]>;
  /** The one of them that is shown; null where it is none of them. */
  readonly shown: ReadonlySignal<string | null>;
  /** The last one that was asked for here and has come since the page is open. */
  readonly arrived: ReadonlySignal<string | null>;
  /** Shows one of them. */
  show(id: string): void;
  /** Asks for what a result was asked for: its rollouts, starts and seed. */
  takeOver(comparison: Comparison): void;
  /** Takes its result from those that the server has kept, where it came while disconnected. */
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
  const starts = signal<number | null>(null);
  const seed = signal(0);
  const included = signal<readonly LaneId[]>(LANES);
  const perturbed = signal<string[] | undefined>(undefined);
  const before = memory.read();
  const asked = signal(before.job);
  const result = signal(before.result);
  const at = signal(before.at ?? null);
  const kept = signal<readonly ComparisonEntry[]>([]);
  const shown = signal<string | null>(null);
  const arrived = signal<string | null>(null);
  /** Somebody wants to see an earlier one: what comes again must not replace it. */
  let chosen = false;
  const show = (entry: ComparisonEntry) =>
    batch(() => {
      result.value = entry.comparison;
      at.value = entry.at;
      shown.value = entry.id;
    });
  connection.socket.on('comparison', (id, comparison, ended) => {
    const entry = { id, at: ended, comparison };
    kept.value = [entry, ...kept.value.filter((each) => each.id !== id)].slice(
      0,
      LIMITS.comparisons,
    );
    // Results go to all pages; others have asked for theirs.
    if (id !== asked.value) return;
    show(entry);
    arrived.value = id;
  });
  effect(() => {
    const ended = at.value === null ? {} : { at: at.value };
    memory.write({ job: asked.value, result: result.value, ...ended });
  });
  return {
    rollouts,
    starts,
    seed,
    included,
    perturbed,
    job: computed(() => jobs.all.value.find(({ id }) => id === asked.value) ?? null),
    result,
    at,
    kept,
    shown,
    arrived,
    show(id) {
      const entry = kept.value.find((each) => each.id === id);
      if (!entry) return;
      chosen = true;
      show(entry);
    },
    takeOver(comparison) {
      const usual = comparison.starts === usualStarts(comparison.rollouts);
      batch(() => {
        rollouts.value = comparison.rollouts;
        starts.value = usual ? null : comparison.starts;
        seed.value = comparison.seed;
      });
    },
    recall(entries) {
      kept.value = [...entries].reverse();
      if (chosen) return;
      const mine = kept.value.find(({ id }) => id === asked.value);
      // Who has asked for nothing yet sees the last one there is.
      const first = asked.value === null && result.value === null ? kept.value[0] : undefined;
      const entry = mine ?? first;
      if (entry) show(entry);
    },
    start: createAction(async () => {
      const horizon = settings.actionHorizon.value;
      const said = settings.instruction.value;
      const job = await connection.request('compare:start', {
        policies: LANES.filter((lane) => included.value.includes(lane)).flatMap(
          (lane) => settings.lanes[lane].value ?? [],
        ),
        rollouts: rollouts.value,
        ...(starts.value === null ? {} : { starts: starts.value }),
        seed: seed.value,
        ...(horizon === null ? {} : { actionHorizon: horizon }),
        ...(said ? { instruction: said } : {}),
        perturbations: perturbed.value,
      });
      chosen = false;
      asked.value = job.id;
    }),
  };
}
