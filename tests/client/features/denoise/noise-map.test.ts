import { describe, expect, it } from 'vitest';
import {
  between,
  boundaryOf,
  CELLS,
  EMPTY_MAP,
  findFlip,
  middleOf,
  narrow,
  nearestRow,
  ROW_ORDER,
  SPAN,
  withRow,
} from '../../../../client/features/denoise/noise-map.ts';
import { placeOf, pointAt } from '../../../../client/features/denoise/pad-view.ts';

describe('the map of a plan’s noise', () => {
  const row = (at: number) => Array.from({ length: CELLS }, (_, column) => Number(column >= at));

  it('asks for every row once, coarse ones first', () => {
    expect([...ROW_ORDER].sort((a, b) => a - b)).toEqual(
      Array.from({ length: CELLS }, (_, i) => i),
    );
    expect(ROW_ORDER.slice(0, 4)).toEqual([0, CELLS / 2, CELLS / 4, (3 * CELLS) / 4]);
  });

  it('has high u on the left, where the first way is, and high v at the top', () => {
    const [u, v] = middleOf(0, 0);
    expect([u, v]).toEqual([SPAN * (1 - 1 / CELLS), SPAN * (1 - 1 / CELLS)]);
    for (const share of placeOf([u, v])) expect(share).toBeCloseTo(0.5 / CELLS);
    expect(pointAt(...placeOf([0.25, -1.5]))).toEqual([expect.closeTo(0.25), expect.closeTo(-1.5)]);
    expect(placeOf([9, -9])).toEqual([0, 1]);
  });

  it('shows in the place of a row that is not known the nearest that is', () => {
    const map = withRow(withRow(EMPTY_MAP, 2, row(4)), 8, row(6));
    expect(map.rows).toBe(2);
    expect([0, 2, 4, 6, 15].map((each) => nearestRow(map, each))).toEqual([2, 2, 2, 8, 8]);
    expect(nearestRow(EMPTY_MAP, 3)).toBeNull();
  });

  it('has a boundary between known cells of different ways alone', () => {
    const map = withRow(withRow(EMPTY_MAP, 2, row(4)), 3, row(5));
    expect(boundaryOf(map)).toEqual([
      [4, 2, 4, 3],
      [4, 3, 5, 3],
      [5, 3, 5, 4],
    ]);
  });
});

describe('the flip', () => {
  const FLIP = 0.37;
  const modeAt = (u: number) => Number(u < FLIP);

  it('is found between ever nearer neighbours', () => {
    const places = [SPAN, ...between(SPAN, -SPAN, CELLS - 2), -SPAN];
    let flip = findFlip(places, places.map(modeAt), 1);
    for (let round = 0; flip && round < 3; round++) {
      const nearer = between(flip.from, flip.to, CELLS);
      flip = narrow(flip, nearer, nearer.map(modeAt));
    }
    expect(flip?.modes).toEqual([0, 1]);
    expect(flip?.from).toBeGreaterThanOrEqual(FLIP);
    expect(flip?.to).toBeLessThan(FLIP);
    expect((flip?.from ?? 1) - (flip?.to ?? 0)).toBeLessThan(1e-4);
  });

  it('is the one nearest to home where there are several, and none where all go one way', () => {
    const places = [2, 1, 0, -1, -2];
    expect(findFlip(places, [0, 1, 1, 1, -2], -2)).toMatchObject({ from: -1, to: -2 });
    expect(findFlip(places, [0, 1, 1, 1, -2], 2)).toMatchObject({ from: 2, to: 1 });
    expect(findFlip(places, [1, 1, 1, 1, 1], 0)).toBeNull();
  });
});
