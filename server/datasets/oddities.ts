import type { Duplicate, Outlier } from '../protocol/dataset-views.ts';

/** What is held against the other episodes of a dataset. */
export interface Candidate {
  readonly episode: number;
  readonly mode: string | null;
  /** Control steps. */
  readonly length: number;
  /** Tells commands apart: equal for equal ones. */
  readonly commands: string;
  /** [points, 3] positions of the TCP at equal shares of its time, m. */
  readonly tcp: ArrayLike<number>;
}

/** Paths that stay this near to each other all the way are one, m. */
const SAME_PATH = 0.002;
/** Fewer of a mode say nothing of what is usual. */
const LEAST_GROUP = 8;
/** Deviations, in robust standard deviations, beyond which an episode is unlike the others. */
const UNUSUAL = 6;
/** And by no less than these: m of the path, and a share of the length. */
const LEAST_DISTANCE = 0.02;
const LEAST_SHARE = 0.2;
/** Median absolute deviation of a normal distribution to its standard deviation. */
const TO_SIGMA = 1.4826;

/**
 * Episodes that repeat an earlier one: the same commands, or a path that is nowhere far from its.
 *
 * @cost O(n²), a comparison ends at the first point where two paths part
 */
export function findDuplicates(candidates: readonly Candidate[]): Duplicate[] {
  const byCommands = new Map<string, number>();
  const kept: Candidate[] = [];
  return candidates.flatMap((candidate): Duplicate[] => {
    const { episode, commands } = candidate;
    const same = byCommands.get(commands);
    if (same !== undefined) return [{ episode, of: same, exact: true }];
    byCommands.set(commands, episode);
    const like = kept.find(({ tcp }) => stayNear(tcp, candidate.tcp));
    if (like) return [{ episode, of: like.episode, exact: false }];
    kept.push(candidate);
    return [];
  });
}

/**
 * Episodes that are much longer or shorter than the others of their mode, or that go another way.
 *
 * @cost O(n log n)
 */
export function findOutliers(candidates: readonly Candidate[]): Outlier[] {
  const modes = new Set(candidates.map(({ mode }) => mode));
  const found = [...modes].flatMap((mode) => {
    const group = candidates.filter((each) => each.mode === mode);
    if (group.length < LEAST_GROUP) return [];
    const middle = middlePath(group);
    const distances = group.map(({ tcp }) => meanDistance(tcp, middle));
    const lengths = group.map(({ length }) => length);
    return [
      ...unusual(group, 'length', lengths, (usual) => LEAST_SHARE * usual),
      // The nearest of all is no oddity.
      ...unusual(group, 'path', distances, () => LEAST_DISTANCE).filter(
        ({ value, usual }) => value > usual,
      ),
    ];
  });
  return found.sort((a, b) => a.episode - b.episode);
}

function unusual(
  group: readonly Candidate[],
  by: Outlier['by'],
  values: readonly number[],
  least: (usual: number) => number,
): Outlier[] {
  const usual = median(values);
  const spread = TO_SIGMA * median(values.map((value) => Math.abs(value - usual)));
  const most = Math.max(UNUSUAL * spread, least(usual));
  return values.flatMap((value, i) =>
    Math.abs(value - usual) > most ? [{ episode: group[i].episode, by, value, usual }] : [],
  );
}

function stayNear(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 3) if (distanceAt(a, b, i) > SAME_PATH) return false;
  return true;
}

function meanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) sum += distanceAt(a, b, i);
  return (3 * sum) / a.length;
}

function distanceAt(a: ArrayLike<number>, b: ArrayLike<number>, i: number): number {
  return Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);
}

/** At each point the median of each coordinate. */
function middlePath(group: readonly Candidate[]): number[] {
  return Array.from({ length: group[0].tcp.length }, (_, i) =>
    median(group.map(({ tcp }) => tcp[i])),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
