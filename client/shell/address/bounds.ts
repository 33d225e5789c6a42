// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';

/** The largest whole numbers that fields and addresses take. */
export const LARGEST = {
  /** Seed of starts and noise. */
  seed: LIMITS.seed,
  /** Number of an episode among those of a seed. */
  episode: 65_535,
  /** Which noise of a seed. */
  noise: LIMITS.noise,
  /** Rows of the batches of an evaluation. */
  batch: LIMITS.batch,
  /** Ta, control steps; a policy may allow less. */
  actionHorizon: 128,
  /** Control step of an episode: longer ones end by their time limit. */
  moment: 4095,
} as const;
