import { expect, it } from 'vitest';
import { rangeOf } from '../../../../client/shared/widgets/curves.ts';

const curve = (...values: number[]) => ({ steps: values.map((_, i) => i), values });

it('a range takes all curves in, and no tremble for an event', () => {
  expect(rangeOf([curve(3, -1), curve(2)], 'm')).toEqual([-1, 3]);
  const [low, high] = rangeOf([curve(2, 2.05)], 'rad');
  expect(high - low).toBeCloseTo(0.1);
  expect((low + high) / 2).toBeCloseTo(2.025);
  expect(rangeOf([], 'm')).toEqual([0, 0.02]);
});
