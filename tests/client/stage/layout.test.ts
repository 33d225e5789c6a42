import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearOf, layoutViews } from '../../../client/stage/layout.ts';

const THREE = ['a', 'b', 'c'];

describe('the views of a stage', () => {
  it('stand side by side where it is wide, and one above the other where it is narrow', () => {
    expect(new Set(layoutViews(THREE, 1000, 700).map(({ y }) => y)).size).toBe(1);
    expect(new Set(layoutViews(THREE, 300, 1500).map(({ x }) => x)).size).toBe(1);
  });

  it('stand one above the other where texts stand beside what they show', () => {
    for (const width of [374, 1000, 3000]) {
      const rects = layoutViews(THREE, width, 600, true);
      expect(rects.map(({ x }) => x)).toEqual([0, 0, 0]);
      expect(new Set(rects.map(({ y }) => y)).size).toBe(3);
    }
  });

  it('stand side by side on a tablet: texts above the content leave no room for two rows', () => {
    expect(new Set(layoutViews(THREE, 628, 740).map(({ y }) => y)).size).toBe(1);
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

describe('what is clear of a view', () => {
  const side = fc.integer({ min: 100, max: 2000 });
  const inset = fc.integer({ min: 0, max: 3000 });

  it('is what its texts leave free', () => {
    const view = { x: 300, y: 40, width: 350, height: 650 };
    expect(clearOf(view, { top: 240, bottom: 80, left: 0 })).toEqual({
      x: 0,
      y: 240,
      width: 350,
      height: 330,
    });
    expect(clearOf(view, { top: 0, bottom: 50, left: 175 })).toEqual({
      x: 175,
      y: 0,
      width: 175,
      height: 600,
    });
  });

  it('lies within it and is never nothing, however much is written', () => {
    fc.assert(
      fc.property(side, side, inset, inset, inset, (width, height, top, bottom, left) => {
        const clear = clearOf({ x: 0, y: 0, width, height }, { top, bottom, left });
        expect(clear.width).toBeGreaterThan(0.29 * width);
        expect(clear.height).toBeGreaterThan(0.29 * height);
        expect(clear.x + clear.width).toBeLessThanOrEqual(width + 1e-9);
        expect(clear.y + clear.height).toBeLessThanOrEqual(height + 1e-9);
      }),
    );
  });
});
