import { expect, it } from 'vitest';
import { formatMoment } from '../../../../client/shared/widgets/format.ts';

it('a moment is by the clock on the wall, two digits each', () => {
  expect(formatMoment(new Date(2026, 0, 31, 9, 5).toISOString())).toBe('2026-01-31 09:05');
  expect(formatMoment(new Date(2026, 10, 3, 23, 59).toISOString())).toBe('2026-11-03 23:59');
});
