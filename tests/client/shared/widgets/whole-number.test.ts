import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeNumberIn } from '../../../../client/shared/widgets/whole-number.tsx';
import { DICTIONARIES } from '../../../support/dictionaries.ts';

const BOUNDS = { min: 1, max: 10_000, optional: false };

describe('a field for a whole number', () => {
  it.each(['0', '-1', '10001', '1.5', '1e3', '0x10', 'x', '', ' ', '+5', '١'])(
    'does not take “%s”, and puts nothing in its place',
    (text) => {
      expect(wholeNumberIn(text, BOUNDS)).toBeUndefined();
    },
  );

  it('takes every number within its bounds as it is, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (number) => {
        const taken = wholeNumberIn(String(number), BOUNDS);
        expect(taken).toBe(number >= 1 && number <= 10_000 ? number : undefined);
      }),
    );
  });

  it('takes nothing for an answer only where it may be left empty', () => {
    expect(wholeNumberIn('', { ...BOUNDS, optional: true })).toBeNull();
    expect(wholeNumberIn('0', { ...BOUNDS, optional: true })).toBeUndefined();
  });

  it.each(['en', 'zh'] as const)(
    'says in %s what it takes, what it got and what acts',
    (language) => {
      const { problem } = DICTIONARIES[language].number;
      const text = problem({ min: 1, max: 10_000, got: '10001', stands: 25 });
      for (const part of ['1', '10000', '10001', '25']) expect(text).toContain(part);
      for (const got of ['', null]) {
        expect(problem({ min: 1, max: 9, got, stands: null })).not.toMatch(/null|undefined|“”/);
      }
    },
  );
});
