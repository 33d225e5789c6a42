/**
 * Episodes of a dataset as text: "0-9,12". Short where they lie together, so that a request can name
 * thousands.
 */
export const EPISODE_LIST = /^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/;

/** The same episodes, sorted, each once. */
export function formatEpisodeList(episodes: Iterable<number>): string {
  const sorted = [...new Set(episodes)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const episode of sorted) {
    const last = ranges.at(-1);
    if (last && episode === last[1] + 1) last[1] = episode;
    else ranges.push([episode, episode]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/**
 * @param count episodes there are: what is named must be below
 * @returns what is wrong with the list, where something is
 */
export function parseEpisodeList(text: string, count: number): ReadonlySet<number> | string {
  if (!EPISODE_LIST.test(text)) {
    return `expected a list of episodes like 0-9,12, got ${JSON.stringify(text.slice(0, 80))}`;
  }
  const episodes = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to = from] = part.split('-').map(Number);
    if (to < from || to >= count) {
      const there = count > 0 ? `0 to ${count - 1}` : 'none';
      return `expected episodes among those there are (${there}), got ${part}`;
    }
    for (let episode = from; episode <= to; episode++) episodes.add(episode);
  }
  return episodes;
}
