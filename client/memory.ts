import type { Comparison } from '../server/protocol/index.ts';
import type { ComparisonMemory } from './state/comparing.ts';

const KEY = 'forking-paths/comparison';

/** The last comparison, for as long as the browser's tab is open. */
export const comparisonMemory: ComparisonMemory = {
  read() {
    try {
      const text = sessionStorage.getItem(KEY);
      const kept: unknown = text === null ? null : JSON.parse(text);
      return isComparison(kept) ? kept : null;
    } catch {
      // Storage may be forbidden, and what is in it may be from another version.
      return null;
    }
  },
  write(comparison) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(comparison));
    } catch {
      // Forbidden or full: the result is still on the page.
    }
  },
};

/** As much of its form as the page relies on to show it. */
function isComparison(value: unknown): value is Comparison {
  if (typeof value !== 'object' || value === null) return false;
  const { policies, paired, seconds } = value as Partial<Record<keyof Comparison, unknown>>;
  return Array.isArray(policies) && Array.isArray(paired) && typeof seconds === 'number';
}
