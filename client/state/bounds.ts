/** The largest whole numbers that fields and addresses take. */
export const LARGEST = {
  /** Seed of starts and noise. */
  seed: 16_383,
  /** Number of an episode among those of a seed. */
  episode: 65_535,
  /** Ta, control steps; a policy may allow less. */
  actionHorizon: 128,
} as const;
