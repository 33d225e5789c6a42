import type { EpisodeSummary } from '../../../server/protocol/index.ts';

/** Which episodes of a dataset are shown: all, but for what is narrowed down. */
export interface EpisodeFilter {
  /** Modes that are left out; '' is those without one. */
  readonly hiddenModes: readonly string[];
  readonly result: 'any' | 'success' | 'failure';
  /** Who demonstrated; null for anybody. */
  readonly source: string | null;
  /** Control steps, both included; null without a bound. */
  readonly shortest: number | null;
  readonly longest: number | null;
  /** Only episodes that repeat another one or are unlike the others. */
  readonly odd: boolean;
}

export const EVERYTHING: EpisodeFilter = {
  hiddenModes: [],
  result: 'any',
  source: null,
  shortest: null,
  longest: null,
  odd: false,
};

/** @param odd numbers of the episodes that are odd */
export function passes(
  filter: EpisodeFilter,
  { index, mode, success, source, length }: EpisodeSummary,
  odd: ReadonlySet<number>,
): boolean {
  if (filter.hiddenModes.includes(mode ?? '')) return false;
  if (filter.result !== 'any' && success !== (filter.result === 'success')) return false;
  if (filter.source !== null && source !== filter.source) return false;
  if (filter.shortest !== null && length < filter.shortest) return false;
  if (filter.longest !== null && length > filter.longest) return false;
  return !filter.odd || odd.has(index);
}

/** The same with one mode shown or hidden. */
export function toggleMode(filter: EpisodeFilter, mode: string): EpisodeFilter {
  const { hiddenModes } = filter;
  return {
    ...filter,
    hiddenModes: hiddenModes.includes(mode)
      ? hiddenModes.filter((each) => each !== mode)
      : [...hiddenModes, mode],
  };
}

/** Episodes by mode, '' for none; in the order in which modes were met. */
export function countModes(
  episodes: readonly Pick<EpisodeSummary, 'mode'>[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { mode } of episodes) counts[mode ?? ''] = (counts[mode ?? ''] ?? 0) + 1;
  return counts;
}
