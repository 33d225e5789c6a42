import { z } from 'zod';
import { nameSchema } from '../../policies/config/index.ts';
import type { Chunking } from './chunking.ts';
import { EXPERIMENT_LIMITS } from './experiment-limits.ts';
import { LIMITS } from './limits.ts';
import type { PolicyResult, Proportion, Robustness } from './results.ts';
import { titleSchema } from './runs.ts';

export const renameExperimentSchema = z.strictObject({
  name: nameSchema,
  /** Null for none. */
  title: titleSchema.nullable(),
});

export const experimentRolloutsSchema = z.strictObject({
  name: nameSchema,
  /** Place among the contenders. */
  contender: z.int().min(0).max(EXPERIMENT_LIMITS.contenders),
  /** How many come before the first one that is asked for, failures first. */
  from: z.int().min(0).max(LIMITS.rollouts),
});

/** A contender as results name it. */
export interface ContenderTitle
  extends Pick<PolicyResult, 'name' | 'run' | 'sampler' | 'nfe' | 'eta' | 'guidance'> {
  /** Ta, control steps. */
  readonly actionHorizon: number;
  /** What the arm does while a plan is made; null: each plan is there at once. */
  readonly chunking: Chunking | null;
  /** NAME=MAGNITUDE, several joined by "+"; null for the control. */
  readonly perturbation: string | null;
}

/** What a list says of a contender of an experiment that is done. */
export interface ContenderSummary {
  readonly success: Proportion;
  /** Contenders that share one are not told apart; null where nobody said, or there is but one. */
  readonly letters: string | null;
}

/** An experiment in the data directory. */
export interface ExperimentEntry {
  /** Of its directory. */
  readonly name: string;
  /** What a person calls it. */
  readonly title: string | null;
  /** When it was planned, ISO 8601. */
  readonly at: string;
  /** When the last result came, ISO 8601; null before there is one. */
  readonly changedAt: string | null;
  readonly task: string;
  readonly seed: number;
  /** Of each contender. */
  readonly rollouts: number;
  readonly starts: number;
  readonly instruction: string | null;
  /** How many contenders there are. */
  readonly contenders: number;
  /** The first of them, in the order of the plan. */
  readonly first: readonly (ContenderTitle & { readonly summary: ContenderSummary | null })[];
  readonly shards: { readonly done: number; readonly total: number };
}

/** What cannot be read, shown beside what can. */
export interface DamagedExperiment {
  readonly name: string;
  /** What was expected, what was got, and what to do about it. */
  readonly message: string;
}

export interface ExperimentList {
  /** Newest first. */
  readonly experiments: readonly ExperimentEntry[];
  readonly damaged: readonly DamagedExperiment[];
  /** How many are not listed: there are too many. */
  readonly omitted: number;
}

/** A contender, and what is there of its rollouts. */
export interface ContenderView extends ContenderTitle {
  /** How many there are by now. */
  readonly done: number;
  /** Of those; null where there are none. */
  readonly measures: Pick<
    PolicyResult,
    'success' | 'contact' | 'modes' | 'conditionalEntropy' | 'invalidMiddle' | 'stepsToSuccess'
  > | null;
  readonly letters: string | null;
  /** Held against the same without its perturbation; null for a control, and before all is done. */
  readonly robustness: Robustness | null;
}

/** An experiment that is looked at. */
export interface ExperimentView extends Omit<ExperimentEntry, 'first'> {
  readonly all: readonly ContenderView[];
  /** What ran the networks. */
  readonly engine: string;
  /** Version of the program that it was planned with. */
  readonly version: string;
  /** Why it cannot go on here, in a sentence; null where it can. */
  readonly hindrance: string | null;
  /** What is wrong with its files, a sentence each; not all where there are many. */
  readonly problems: readonly string[];
  /** Combinations that do not take part, and why; not all where there are many. */
  readonly leftOut: readonly { readonly combination: string; readonly reason: string }[];
}

/** A rollout of a contender. */
export interface ListedRollout {
  readonly start: number;
  readonly noise: number;
  readonly success: boolean;
  readonly contact: boolean;
  readonly mode: string | null;
  /** Control steps. */
  readonly steps: number;
  /** Why it had no plan to go on with; left out where it always had one. */
  readonly failure?: string;
  /** What follows the page's address to play it there, to the bit; null where `refusal` says why. */
  readonly link: string | null;
}

export interface ExperimentRollouts {
  /** Failures first. */
  readonly rollouts: readonly ListedRollout[];
  /** Of the contender, by now. */
  readonly total: number;
  readonly failures: number;
  /** Why none of them can be played, in a sentence; null where they can. */
  readonly refusal: string | null;
}
