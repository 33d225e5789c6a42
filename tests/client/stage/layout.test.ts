import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutViews } from '../../../client/stage/layout.ts';

const THREE = ['a', 'b', 'c'];

describe('the views of a stage', () => {
  it('stand side by side where it is wide, and one above the other where it is narrow', () => {
    expect(new Set(layoutViews(THREE, 1000, 700).map(({ y }) => y)).size).toBe(1);
    expect(new Set(layoutViews(THREE, 300, 1500).map(({ x }) => x)).size).toBe(1);
  });

  it('are of one size, fill it to its edges, and leave as much free on the left as on the right', () => {
    const sizes = fc.integer({ min: 200, max: 2000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), sizes, sizes, (count, width, height) => {
        const ids = ['a', 'b', 'c', 'd'].slice(0, count);
        const rects = layoutViews(ids, width, height);
        expect(rects.map(({ id }) => id)).toEqual(ids);
        for (const rect of rects) {
          expect(rect).toMatchObject({ width: rects[0].width, height: rects[0].height });
          const row = rects.filter(({ y }) => y === rect.y);
          const free = width - (row[row.length - 1].x + rect.width);
          expect(free).toBeCloseTo(row[0].x);
        }
        const last = rects[count - 1];
        expect(rects[0]).toMatchObject({ x: 0, y: 0 });
        expect(last.y + last.height).toBeCloseTo(height);
      }),
    );
  });
});
