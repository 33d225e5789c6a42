import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lowEnd } from '../../../../client/shared/widgets/decades.ts';

it.each([
  [0.096, 0.09],
  [0.0999999, 0.09],
  [0.1, 0.1],
  [0.3, 0.3],
  [7.2e-5, 7e-5],
  [1, 1],
  [1234, 1000],
])('an axis for %d begins at %d', (low, end) => {
  expect(lowEnd(low)).toBe(end);
});

it('an axis begins at a number of one digit, at most a factor of two below its data', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (low) => {
      const end = lowEnd(low);
      expect(end).toBeLessThanOrEqual(low);
      expect(2 * end).toBeGreaterThan(low);
      expect(end.toExponential()).toMatch(/^\de/);
    }),
  );
});
