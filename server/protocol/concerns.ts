/** Below this many demonstrations a policy learns little beyond them. */
export const FEW_EPISODES = 20;

/** What a dataset lets one expect, where that is less than people hope for. */
export type Concern =
  /** Modes that no demonstration shows: every policy learns the others, and none averages them. */
  | { readonly kind: 'one mode'; readonly missing: readonly string[] }
  | { readonly kind: 'few'; readonly episodes: number }
  /** Policies imitate failures as well. */
  | { readonly kind: 'failures'; readonly failed: number; readonly episodes: number };

/** What should be said of a dataset before anything is trained on it. */
export function concernsOf({
  modes,
  episodes,
  successes,
}: {
  readonly modes: Readonly<Record<string, number>>;
  readonly episodes: number;
  readonly successes: number;
}): readonly Concern[] {
  const missing = Object.keys(modes).filter((mode) => modes[mode] === 0);
  return [
    ...(missing.length > 0 ? [{ kind: 'one mode', missing } as const] : []),
    ...(episodes < FEW_EPISODES ? [{ kind: 'few', episodes } as const] : []),
    ...(successes < episodes
      ? [{ kind: 'failures', failed: episodes - successes, episodes } as const]
      : []),
  ];
}
