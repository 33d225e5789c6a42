import type { LaneCounts, StageEpisode } from '../../../server/protocol/index.ts';

const NOTHING: LaneCounts = { episodes: 0, successes: 0, contacts: 0, obeyed: 0, modes: {} };

/** Episodes of two countings together. */
function addCounts(a: LaneCounts, b: LaneCounts): LaneCounts {
  return combine(a, b, (x, y) => x + y);
}

/** What was counted between `before` and `now`. */
function since(before: LaneCounts, now: LaneCounts): LaneCounts {
  return combine(now, before, (x, y) => x - y);
}

function combine(a: LaneCounts, b: LaneCounts, by: (x: number, y: number) => number): LaneCounts {
  const names = new Set([...Object.keys(a.modes), ...Object.keys(b.modes)]);
  return {
    episodes: by(a.episodes, b.episodes),
    successes: by(a.successes, b.successes),
    contacts: by(a.contacts, b.contacts),
    obeyed: by(a.obeyed, b.obeyed),
    modes: Object.fromEntries(
      [...names].map((name) => [name, by(a.modes[name] ?? 0, b.modes[name] ?? 0)]),
    ),
  };
}

/** Outcomes a lane by action horizon. */
export type Tally = ReadonlyMap<number, Readonly<Record<string, LaneCounts>>>;

/** Which episode it was. */
type Place = Pick<StageEpisode, 'actionHorizon' | 'seed' | 'episode'>;

/**
 * Keeps one's own experiment: outcomes for every action horizon that was tried. An episode that is
 * run again comes out the same, bit for bit: it counts once.
 */
export class ExperimentLog {
  /** By action horizon, lane, and seed with episode. */
  readonly #outcomes = new Map<number, Map<string, Map<string, LaneCounts>>>();
  #last: { readonly place: Place; readonly counts: Readonly<Record<string, LaneCounts>> } | null =
    null;

  /**
   * @param place  the episode that begins
   * @param counts of each lane's episodes before it on the same stage
   */
  report(place: Place, counts: Readonly<Record<string, LaneCounts>>): void {
    const last = this.#last;
    this.#last = { place, counts };
    if (last?.place.actionHorizon !== place.actionHorizon) return;
    for (const [lane, now] of Object.entries(counts)) {
      const before = last.counts[lane];
      // As many as before: the last episode was left early. Fewer: the server has reset its counts.
      if (before && now.episodes === before.episodes + 1) {
        this.#note(last.place, lane, since(before, now));
      }
    }
  }

  /** Another policy acts in a lane: what was counted says nothing of it. */
  forget(lane: string): void {
    for (const [horizon, lanes] of this.#outcomes) {
      lanes.delete(lane);
      if (lanes.size === 0) this.#outcomes.delete(horizon);
    }
    if (!this.#last) return;
    const { [lane]: _, ...counts } = this.#last.counts;
    this.#last = { ...this.#last, counts };
  }

  /** Everything is otherwise: nothing that was counted still holds. */
  clear(): void {
    this.#outcomes.clear();
    this.#last = null;
  }

  /** By action horizon, shortest first; those without an ended episode are left out. */
  tally(): Tally {
    return new Map(
      [...this.#outcomes]
        .sort(([a], [b]) => a - b)
        .map(([horizon, lanes]) => [
          horizon,
          Object.fromEntries(
            [...lanes].map(([lane, episodes]) => [
              lane,
              [...episodes.values()].reduce(addCounts, NOTHING),
            ]),
          ),
        ]),
    );
  }

  #note({ actionHorizon, seed, episode }: Place, lane: string, outcome: LaneCounts): void {
    const lanes = this.#outcomes.get(actionHorizon) ?? new Map<string, Map<string, LaneCounts>>();
    this.#outcomes.set(actionHorizon, lanes);
    const episodes = lanes.get(lane) ?? new Map<string, LaneCounts>();
    lanes.set(lane, episodes);
    episodes.set(`${seed}/${episode}`, outcome);
  }
}
