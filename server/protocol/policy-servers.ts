/** How a server that someone else runs is asked for plans. */

/** Under which names it is sent what is observed. */
export const OBSERVATION_KEYS = ['fp', 'droid', 'libero'] as const;
export type ObservationKeys = (typeof OBSERVATION_KEYS)[number];

/** A policy server that this program was started with, as pages are told of it. */
export interface Guest {
  readonly url: string;
  /** What it says of its policy; null where it has not answered. */
  readonly about: {
    /** As it calls itself; its address where it does not. */
    readonly name: string;
    readonly task: string;
    readonly controlHz: number;
    /** Pixels a side of the picture it is sent; null for none. */
    readonly picture: number | null;
    /** May answer the same observation in several ways. */
    readonly stochastic: boolean;
  } | null;
  /** Why it cannot be asked; null while it can, and before it is known. */
  readonly problem: string | null;
}

/** Which policy servers may be dialled, and how. */
export interface PolicyServers {
  /** Addresses that the person who started this program gave; no other is dialled. */
  readonly urls: readonly string[];
  readonly observationKeys: ObservationKeys;
  /** Sent as `Authorization: Api-Key …`. @default that of the environment, or none */
  readonly apiKey?: string | undefined;
  /** How long an answer may take, ms; the first on a connection six times that. */
  readonly answerMs: number;
}
