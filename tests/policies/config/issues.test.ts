import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cutText, explainIssues, MAX_ISSUES_TEXT } from '../../../policies/config/index.ts';

const schema = z.strictObject({
  steps: z.int(),
  lanes: z.array(z.strictObject({ policy: z.string() })),
});

function refusal(value: unknown): z.ZodError {
  const { error } = schema.safeParse(value);
  if (!error) throw new Error('expected the value to be refused');
  return error;
}

describe('what is wrong with a value', () => {
  it('is said as the schema library says it, where it is little', () => {
    for (const value of [null, 7, {}, { steps: 'x', lanes: [{ policy: 3, extra: 1 }] }]) {
      expect(explainIssues(refusal(value))).toBe(z.prettifyError(refusal(value)));
    }
  });

  it.each<[string, unknown]>([
    ['100,000 wrong places', { steps: 1, lanes: Array(100_000).fill(0) }],
    ['100,000 unknown keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 0]))],
    ['a key of a million characters', { ['x'.repeat(1e6)]: 0 }],
  ])('is said in a bounded text for %s', (_, value) => {
    const text = explainIssues(refusal(value));
    expect(text.length).toBeLessThanOrEqual(MAX_ISSUES_TEXT);
    expect(text).toMatch(/✖/);
  });

  it('says how many places it leaves out', () => {
    const text = explainIssues(refusal({ steps: 1, lanes: Array(20).fill(0) }));
    expect(text).toContain('→ at lanes[7]');
    expect(text).toMatch(/… and 12 more$/);
  });

  it('is bounded whatever the issues are', () => {
    const issue = fc.record({
      code: fc.constant('custom' as const),
      message: fc.string({ maxLength: 5000 }),
      path: fc.array(fc.oneof(fc.string({ maxLength: 500 }), fc.nat()), { maxLength: 50 }),
      input: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(issue, { minLength: 1, maxLength: 30 }), (issues) => {
        expect(explainIssues({ issues }).length).toBeLessThanOrEqual(MAX_ISSUES_TEXT);
      }),
    );
  });
});

it('a text is cut to its length, and one that fits stays as it is', () => {
  expect(cutText('abc', 3)).toBe('abc');
  expect(cutText('abcd', 3)).toBe('ab…');
});
