import type { EpisodeSummary } from '../../../server/protocol/index.ts';

/** Which episodes of a dataset are shown: all, but for what is narrowed down. */
export interface EpisodeFilter {
  /** Modes that are left out; '' is those without one. */
  readonly hiddenModes: readonly string[];
  readonly result: 'any' | 'success' | 'failure';
  /** Who demonstrated; null for anyone. */
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

/** Who demonstrated; a person who took over from a policy is another source than one who recorded. */
export function sourceOf({
  source,
  interventions = 0,
}: Pick<EpisodeSummary, 'source' | 'interventions'>): string {
  return interventions > 0 ? 'intervention' : source;
}

/** @param odd numbers of the episodes that are odd */
export function passes(
  filter: EpisodeFilter,
  episode: EpisodeSummary,
  odd: ReadonlySet<number>,
): boolean {
  const { index, mode, success, length } = episode;
  if (filter.hiddenModes.includes(mode ?? '')) return false;
  if (filter.result !== 'any' && success !== (filter.result === 'success')) return false;
  if (filter.source !== null && sourceOf(episode) !== filter.source) return false;
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
