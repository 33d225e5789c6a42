import type { Proportion } from '../../server/protocol/results.ts';
import { mcnemar, proportion } from '../../server/statistics/index.ts';

/** Whether each start was a success, in the same order for all three. */
export interface Outcomes {
  /** Of the policy that was corrected. */
  readonly before: readonly boolean[];
  readonly corrected: readonly boolean[];
  /** Trained as long as the corrected one, without corrections. */
  readonly control: readonly boolean[];
}

/** One policy against another on the same starts. */
export interface Gain {
  /** Success of one less that of the other. */
  readonly rate: number;
  /** Exact McNemar. */
  readonly p: number;
}

/** What corrections were worth, and what the training alone. */
export interface TakeoverVerdict {
  readonly before: Proportion;
  readonly control: Proportion;
  readonly corrected: Proportion;
  readonly correctedOverBefore: Gain;
  readonly correctedOverControl: Gain;
  readonly controlOverBefore: Gain;
}

/**
 * Of several trials together. Policies of one seed share their weights: the test speaks of starts, not
 * of what other seeds would give.
 *
 * @param trials with no start in common
 */
export function takeoverVerdict(trials: readonly Outcomes[]): TakeoverVerdict {
  const all = (key: keyof Outcomes) => trials.flatMap((trial) => trial[key]);
  const [before, control, corrected] = [all('before'), all('control'), all('corrected')];
  return {
    before: rateOf(before),
    control: rateOf(control),
    corrected: rateOf(corrected),
    correctedOverBefore: gainOf(corrected, before),
    correctedOverControl: gainOf(corrected, control),
    controlOverBefore: gainOf(control, before),
  };
}

function rateOf(successes: readonly boolean[]): Proportion {
  return proportion(successes.filter(Boolean).length, successes.length);
}

function gainOf(a: readonly boolean[], b: readonly boolean[]): Gain {
  const differences = a.map((success, i) => Number(success) - Number(b[i]));
  const sum = differences.reduce((total, difference) => total + difference, 0);
  return { rate: sum / differences.length, p: mcnemar(differences) };
}
