import type { Comparison } from '../../../server/protocol/index.ts';
import type { ComparisonMemory, KeptComparison } from './comparing.ts';

const KEY = 'forking-paths/comparison';

const NOTHING: KeptComparison = { job: null, result: null };

/** The last comparison, for as long as the browser's tab is open. */
export const comparisonMemory: ComparisonMemory = {
  read() {
    try {
      const text = sessionStorage.getItem(KEY);
      const kept: unknown = text === null ? null : JSON.parse(text);
      return isKept(kept) ? kept : NOTHING;
    } catch {
      // Storage may be forbidden, and what is in it may be from another version.
      return NOTHING;
    }
  },
  write(kept) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Forbidden or full: the result is still on the page.
    }
  },
};

function isKept(value: unknown): value is KeptComparison {
  if (typeof value !== 'object' || value === null) return false;
  const { job, result, at } = value as Partial<Record<keyof KeptComparison, unknown>>;
  return (
    (job === null || typeof job === 'string') &&
    (result === null || isComparison(result)) &&
    (at === undefined || typeof at === 'string')
  );
}

/** As much of its form as the page relies on to show it. */
function isComparison(value: unknown): value is Comparison {
  if (typeof value !== 'object' || value === null) return false;
  const { policies, paired, seconds, instruction } = value as Partial<
    Record<keyof Comparison, unknown>
  >;
  return (
    Array.isArray(policies) &&
    Array.isArray(paired) &&
    typeof seconds === 'number' &&
    (instruction === undefined || typeof instruction === 'string')
  );
}
