import type { GridResult } from '../../server/evaluation/evaluate.ts';
import type { Task } from '../../sim/index.ts';

/** How a rollout ended, in a few words: "touched the post after 2.1 s". */
export function sayOutcome(
  { timeLimit }: Pick<Task, 'timeLimit'>,
  { success, contact, steps, mode, failure }: GridResult,
  controlHz: number,
): string {
  const seconds = (steps / controlHz).toFixed(1);
  if (failure !== undefined) return `had no plan after ${seconds} s: ${failure}`;
  if (success) return `success after ${seconds} s${mode === null ? '' : `, ${mode}`}`;
  if (contact) return `touched an obstacle after ${seconds} s`;
  if (steps >= Math.round(timeLimit * controlHz)) return `time was up after ${seconds} s`;
  return `out of reach after ${seconds} s: the object fell, or the hand passed over an obstacle`;
}
