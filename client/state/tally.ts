import type { LaneCounts } from '../../server/protocol/index.ts';

const NOTHING: LaneCounts = { episodes: 0, successes: 0, contacts: 0, modes: {} };

/** Episodes of two countings together. */
export function addCounts(a: LaneCounts, b: LaneCounts): LaneCounts {
  const names = new Set([...Object.keys(a.modes), ...Object.keys(b.modes)]);
  return {
    episodes: a.episodes + b.episodes,
    successes: a.successes + b.successes,
    contacts: a.contacts + b.contacts,
    modes: Object.fromEntries(
      [...names].map((name) => [name, (a.modes[name] ?? 0) + (b.modes[name] ?? 0)]),
    ),
  };
}

/** Outcomes a lane by action horizon. */
export type Tally = ReadonlyMap<number, Readonly<Record<string, LaneCounts>>>;

/**
 * Keeps one's own experiment: outcomes for every action horizon that was tried. The server counts
 * from nothing whenever a setting changes; this adds the countings up.
 */
export class ExperimentLog {
  readonly #ended = new Map<number, Record<string, LaneCounts>>();
  #horizon: number | null = null;
  #counting: Record<string, LaneCounts> = {};

  /** @param counts of each lane since the settings last changed */
  report(horizon: number, counts: Readonly<Record<string, LaneCounts>>): void {
    const before = Object.values(this.#counting).reduce((sum, { episodes }) => sum + episodes, 0);
    const now = Object.values(counts).reduce((sum, { episodes }) => sum + episodes, 0);
    if (horizon !== this.#horizon || now < before) this.#close();
    this.#horizon = horizon;
    this.#counting = { ...counts };
  }

  /** Another policy is on the stage: what was counted says nothing of it. */
  clear(): void {
    this.#ended.clear();
    this.#counting = {};
    this.#horizon = null;
  }

  /** By action horizon, shortest first; those without an ended episode are left out. */
  tally(): Tally {
    const all = new Map(this.#ended);
    if (this.#horizon !== null) {
      all.set(this.#horizon, merge(all.get(this.#horizon), this.#counting));
    }
    return new Map(
      [...all]
        .filter(([, lanes]) => Object.values(lanes).some(({ episodes }) => episodes > 0))
        .sort(([a], [b]) => a - b),
    );
  }

  #close(): void {
    if (this.#horizon === null) return;
    this.#ended.set(this.#horizon, merge(this.#ended.get(this.#horizon), this.#counting));
    this.#counting = {};
  }
}

function merge(
  a: Readonly<Record<string, LaneCounts>> = {},
  b: Readonly<Record<string, LaneCounts>>,
): Record<string, LaneCounts> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...names].map((name) => [name, addCounts(a[name] ?? NOTHING, b[name] ?? NOTHING)]),
  );
}
