import { describe, expect, it } from 'vitest';
import {
  linearScale,
  logScale,
  px,
  shareDomain,
  shareTicks,
} from '../../../scripts/report/scale.ts';

describe('a linear scale', () => {
  it('puts the ends of the domain at the ends of the range, and all else in proportion', () => {
    const y = linearScale([0.5, 1], [200, 0]);
    expect([0.5, 0.6, 0.75, 1].map(y)).toEqual([200, expect.closeTo(160, 9), 100, 0]);
  });

  it('puts a domain of one value in the middle', () => {
    expect(linearScale([3, 3], [10, 30])(3)).toBe(20);
  });
});

describe('a logarithmic scale', () => {
  it('puts equal factors equally far apart', () => {
    const x = logScale([1, 16], [0, 400]);
    expect([1, 2, 4, 8, 16].map((n) => Math.round(x(n)))).toEqual([0, 100, 200, 300, 400]);
  });
});

describe('what shares are read off by', () => {
  it.each<[readonly [number, number], number, number[]]>([
    [[0, 1], 6, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[0, 1], 5, [0, 0.25, 0.5, 0.75, 1]],
    [[0.9, 1], 6, [0.9, 0.92, 0.94, 0.96, 0.98, 1]],
    [[0.7, 1], 6, [0.7, 0.8, 0.9, 1]],
  ])('of %j with %i lines at most are %j', (domain, most, ticks) => {
    expect(shareTicks(domain, most)).toEqual(ticks);
  });

  it.each<[number[], readonly [number, number]]>([
    [
      [0.2, 0.9],
      [0, 1],
    ],
    [
      [0.72, 0.9],
      [0.7, 1],
    ],
    [[0.9], [0.9, 1]],
    [[1], [0.9, 1]],
    [[], [0.9, 1]],
  ])('with lows at %j lie in %j', (lows, domain) => {
    const [low, high] = shareDomain(lows);
    expect([low, high]).toEqual([expect.closeTo(domain[0], 9), domain[1]]);
  });
});

it('a length is said to a hundredth, without what says nothing', () => {
  expect([0, 1.005, 2.5, 1 / 3].map(px)).toEqual(['0', '1', '2.5', '0.33']);
});
