/** How a server that someone else runs is asked for plans. */

/** Under which names it is sent what is observed. */
export const OBSERVATION_KEYS = ['fp', 'droid', 'libero'] as const;
export type ObservationKeys = (typeof OBSERVATION_KEYS)[number];

/** Which policy servers may be dialled, and how. */
export interface PolicyServers {
  /** Addresses that the person who started this program gave; no other is dialled. */
  readonly urls: readonly string[];
  readonly observationKeys: ObservationKeys;
  /** How long an answer may take, ms; the first on a connection six times that. */
  readonly answerMs: number;
}
