import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCanvas, toPlane } from '../../../../client/features/lesson/plane-view.ts';

const SQUARE = { centre: [0.5, -1], half: 2 } as const;

it('the plane has its middle in the middle of the canvas, and y points up', () => {
  expect(toCanvas(SQUARE, 400, [0.5, -1])).toEqual([200, 200]);
  expect(toCanvas(SQUARE, 400, [2.5, 1])).toEqual([400, 0]);
});

it('a press falls on the place that is drawn there', () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.integer({ min: 50, max: 900 }), (x, y, size) => {
      const [px, py] = toPlane(SQUARE, size, toCanvas(SQUARE, size, [x, y]));
      expect(px).toBeCloseTo(x, 9);
      expect(py).toBeCloseTo(y, 9);
    }),
  );
});
