// Without the schemas and their library: a page that has no server asks, too.
import type { ConditionSpec } from './condition.ts';
import { SpecError } from './error.ts';

/** Largest guidance scale: beyond it answers are far outside of what any data show. */
const MAX_GUIDANCE = 100;

/** Whether a policy has learnt to act without its instruction, from which guidance leads away. */
export function canBeGuided(condition: Pick<ConditionSpec, 'text'> | undefined): boolean {
  return condition !== undefined && condition.text.dropRate > 0;
}

/** @throws SpecError for a guidance scale that a policy cannot be asked for, saying which it can */
export function checkGuidance(
  { instructions, guidance }: { readonly instructions: boolean; readonly guidance: boolean },
  scale: number,
): void {
  if (!(scale >= 0 && scale <= MAX_GUIDANCE)) {
    throw new SpecError(`guidance: expected a scale from 0 to ${MAX_GUIDANCE}, got ${scale}`);
  }
  if (scale === 1 || guidance) return;
  if (!instructions) {
    throw new SpecError(
      `guidance: expected 1 for a policy that reads no instruction, got ${scale}; ` +
        'guidance needs a policy trained on a task with a language',
    );
  }
  throw new SpecError(
    `guidance: expected 1 for a policy whose instructions were never dropped in training, ` +
      `got ${scale}; train one with a drop rate above 0`,
  );
}
