import { describe, expect, it } from 'vitest';
import { lossCurve } from '../../../../client/features/lesson/loss-curve.ts';
import { curvePoints } from '../../../../client/features/lesson/noise-curves.ts';

function steps(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    losses: { diffusion: i + 1, flow: 2 },
  }));
}

describe('the loss curves', () => {
  it('show every step where there are few', () => {
    expect(lossCurve(steps(3), 100)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [2, 2, 2],
    ]);
  });

  it('show means of a few steps where there are many, and none that is not complete', () => {
    expect(lossCurve(steps(9), 600)).toEqual([
      [4, 8],
      [2.5, 6.5],
      [2, 2],
    ]);
  });
});

describe('a component of an action', () => {
  const view = { width: 100, height: 40 };

  it('runs over the width, 0 in the middle and the reach at the edges', () => {
    const rows = [9, 0, 9, 2, 9, -4];
    expect(curvePoints(rows, 2, 1, view, 2)).toBe('0.00,20.00 50.00,0.00 100.00,40.00');
  });
});
