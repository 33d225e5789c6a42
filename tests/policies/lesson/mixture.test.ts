import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countByCloud,
  type Mixture,
  nearestCloud,
  type Point,
  posterior,
  sampleMixture,
  score,
  velocity,
} from '../../../policies/lesson/mixture.ts';
import { diffusionLevel, STRAIGHT_PATH } from '../../../policies/paths.ts';
import { Random } from '../../../policies/random.ts';

const FORK: Mixture = {
  means: [
    [0.6, 0.3],
    [-0.5, 0.2],
  ],
  weights: [0.7, 0.3],
  deviation: 0.2,
};
const coordinate = fc.double({ min: -1.2, max: 1.2, noNaN: true });
const place = fc.tuple(coordinate, coordinate);
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const STEP = 1e-5;

/** ∂f/∂x and ∂f/∂y by central differences. */
function slope(f: (point: Point) => number, [x, y]: Point): Point {
  return [
    (f([x + STEP, y]) - f([x - STEP, y])) / (2 * STEP),
    (f([x, y + STEP]) - f([x, y - STEP])) / (2 * STEP),
  ];
}

describe('the score', () => {
  it('is the slope of the logarithm of the density', () => {
    fc.assert(
      fc.property(place, share, (point, alphaBar) => {
        const level = diffusionLevel(alphaBar);
        const [dx, dy] = slope((at) => Math.log(posterior(FORK, level, at).density), point);
        const [sx, sy] = score(FORK, level, point);
        expect(sx).toBeCloseTo(dx, 4);
        expect(sy).toBeCloseTo(dy, 4);
      }),
    );
  });
});

describe('the velocity', () => {
  it('carries the density along: ∂p/∂τ + ∇·(p·v) = 0', () => {
    fc.assert(
      fc.property(place, share, (point, tau) => {
        const density = (at: Point, time: number) =>
          posterior(FORK, STRAIGHT_PATH.levelAt(time), at).density;
        const rate = (density(point, tau + STEP) - density(point, tau - STEP)) / (2 * STEP);
        const flux = (i: 0 | 1) => (at: Point) => density(at, tau) * velocity(FORK, at, tau)[i];
        const spread = slope(flux(0), point)[0] + slope(flux(1), point)[1];
        expect(Math.abs(rate + spread)).toBeLessThan(1e-4 * (1 + Math.abs(rate)));
      }),
    );
  });

  it('is the mean of the data minus the noise where nothing is known yet', () => {
    const [x, y] = velocity(FORK, [0.4, -0.9], 0);
    expect(x).toBeCloseTo(0.7 * 0.6 - 0.3 * 0.5 - 0.4, 12);
    expect(y).toBeCloseTo(0.7 * 0.3 + 0.3 * 0.2 + 0.9, 12);
  });

  it('is finite however far away', () => {
    const far = velocity(FORK, [300, -400], 0.9);
    expect(far.every(Number.isFinite)).toBe(true);
  });
});

describe('the posterior', () => {
  it('splits a noised point into data and noise', () => {
    fc.assert(
      fc.property(place, share, ([x, y], tau) => {
        const { data, noise } = posterior(FORK, STRAIGHT_PATH.levelAt(tau), [x, y]);
        expect(tau * data[0] + (1 - tau) * noise[0]).toBeCloseTo(x, 10);
        expect(tau * data[1] + (1 - tau) * noise[1]).toBeCloseTo(y, 10);
      }),
    );
  });
});

describe('samples of a mixture', () => {
  it('come from each cloud by its share, with its mean and spread', () => {
    const count = 20_000;
    const points = sampleMixture(FORK, count, Random.of(4));
    const clouds: Point[][] = [[], []];
    for (let i = 0; i < count; i++) {
      const point: Point = [points[2 * i], points[2 * i + 1]];
      clouds[nearestCloud(FORK, point)].push(point);
    }
    // Four standard errors; the clouds are 5.5 deviations apart.
    expect(Math.abs(clouds[0].length / count - 0.7)).toBeLessThan(4 * Math.sqrt(0.21 / count));
    clouds.forEach((cloud, m) => {
      const error = (4 * 0.2) / Math.sqrt(cloud.length);
      for (const i of [0, 1] as const) {
        const mean = cloud.reduce((sum, point) => sum + point[i], 0) / cloud.length;
        expect(Math.abs(mean - FORK.means[m][i])).toBeLessThan(error + 0.005);
      }
    });
  });
});

describe('the count of points by cloud', () => {
  it('gives each to the nearest cloud within 3 standard deviations, and the others to none', () => {
    const points = [0.6, 0.3, -0.5, 0.79, -0.5, 0.81, 0.6, -0.29, 9, 9];
    expect(countByCloud(FORK, points)).toEqual({ inside: [2, 1], outside: 2 });
    expect(countByCloud(FORK, points, 0.1)).toEqual({ inside: [1, 0], outside: 4 });
  });

  it('leaves none out', () => {
    fc.assert(
      fc.property(fc.array(place), (places) => {
        const { inside, outside } = countByCloud(FORK, places.flat());
        expect(inside[0] + inside[1] + outside).toBe(places.length);
      }),
    );
  });

  it('finds of the mixture itself as many outside as the closed form says', () => {
    const count = 20_000;
    const { outside } = countByCloud(FORK, sampleMixture(FORK, count, Random.of(5)));
    // Beyond r = 3 a round Gaussian keeps exp(−r²/2), less what lies in the other cloud.
    const share = Math.exp(-4.5);
    expect(Math.abs(outside / count - share)).toBeLessThan(4 * Math.sqrt(share / count));
  });
});
