import { z } from 'zod';

/** Longest text that is made of a refused value, characters. */
export const MAX_ISSUES_TEXT = 2000;

/** Places that are named, the longest way to one, and the longest text about one, characters. */
const MAX_ISSUES = 8;
const MAX_STEPS = 12;
const MAX_STEP = 64;
const MAX_MESSAGE = 200;

/**
 * What is wrong with a value that a schema refuses, as `z.prettifyError` words it, but bounded: a
 * value from outside may have a million wrong places, and names of any length.
 *
 * @returns at most MAX_ISSUES_TEXT characters
 * @cost that of the places named, however many there are
 */
export function explainIssues({ issues }: Pick<z.ZodError, 'issues'>): string {
  const named = issues.slice(0, MAX_ISSUES).map(({ message, path }) => ({
    message: cutText(message, MAX_MESSAGE),
    path: path
      .slice(0, MAX_STEPS)
      .map((step) => (typeof step === 'string' ? cutText(step, MAX_STEP) : step)),
  }));
  const more = issues.length - named.length;
  const text = z.prettifyError({ issues: named });
  return cutText(more > 0 ? `${text}\n… and ${more} more` : text, MAX_ISSUES_TEXT);
}

/** A text of at most so many characters, with an ellipsis where some were left out. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
