import { describe, expect, it } from 'vitest';
import type { Mixture, Point } from '../../../policies/lesson/mixture.ts';
import { diffusionOracle, flowOracle } from '../../../policies/lesson/oracle.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import type { DiffusionConfig } from '../../../policies/paths.ts';
import { ddim } from '../../../policies/samplers/ddim.ts';
import { dpmSolver } from '../../../policies/samplers/dpm-solver.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { type Answer, followPlan } from '../../../policies/samplers/follow.ts';
import { heun } from '../../../policies/samplers/heun.ts';
import { oneStep } from '../../../policies/samplers/one-step.ts';
import type { SamplerPlan } from '../../../policies/samplers/sampler.ts';

const START = [0.7, -1.1] as const;
const CLOUD: Mixture = { means: [[0.2, -0.1]], weights: [1], deviation: 0.15 };
const FORK: Mixture = {
  means: [
    [0.6, 0.3],
    [-0.5, 0.2],
  ],
  weights: [0.7, 0.3],
  deviation: 0.2,
};

/** A method that draws nothing on its way fails where it asks for a normal. */
function none(): number {
  throw new Error('expected a deterministic plan');
}

async function follow(plan: SamplerPlan, answer: Answer): Promise<Point[]> {
  const path = await followPlan(plan, answer, Float64Array.from(START), none);
  return path.map(([x, y]) => [x, y]);
}

const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(ax - bx, ay - by);

/** log2 of how much smaller the error gets from each number of steps to the next, its double. */
function orders(errors: readonly number[]): number[] {
  return errors.slice(1).map((error, i) => Math.log2(errors[i] / error));
}

function expectOrder(errors: readonly number[], order: number): void {
  for (const each of orders(errors)) {
    expect(each).toBeGreaterThan(order - 0.2);
    expect(each).toBeLessThan(order + 0.2);
  }
}

describe.each([
  ['Euler', euler, 1],
  ['Heun', heun, 2],
] as const)('%s on a flow', (_, method, order) => {
  const STEPS = [32, 64, 128, 256];

  it(`is of order ${order} where the data are one Gaussian: a_1 = mean + s·noise`, async () => {
    const exact: Point = [0.2 + 0.15 * START[0], -0.1 + 0.15 * START[1]];
    const ends = STEPS.map(async (steps) =>
      (await follow(method(steps), flowOracle(CLOUD))).at(-1),
    );
    const errors = (await Promise.all(ends)).map((end = [0, 0]) => distance(end, exact));
    expectOrder(errors, order);
  });

  it(`is of order ${order} on a mixture in the plane`, async () => {
    const answer = flowOracle(FORK);
    const [exact] = (await follow(heun(4096), answer)).slice(-1);
    const ends = STEPS.map(async (steps) => (await follow(method(steps), answer)).at(-1));
    const errors = (await Promise.all(ends)).map((end = [0, 0]) => distance(end, exact));
    expectOrder(errors, order);
  });
});

describe.each([
  ['DDIM', ddim, 1],
  ['DPM-Solver++(2M)', dpmSolver, 2],
] as const)('%s', (_, method, order) => {
  // So many diffusion steps that rounding to whole ones does not show.
  const config: DiffusionConfig = { steps: 64_000, prediction: 'v' };
  const STEPS = [20, 40, 80, 160];
  /** Where every plan of STEPS passes: the last step, which ends at λ = ∞, comes after it. */
  const STATION = config.steps / 5;

  const errorsTo = async (mixture: Mixture, exact: Point): Promise<number[]> => {
    const answer = diffusionOracle(mixture, config);
    const passed = STEPS.map(async (steps) => {
      const plan = method(config, steps);
      const path = await follow(plan, answer);
      return path[plan.findIndex(({ time }) => time * config.steps === STATION)];
    });
    return (await Promise.all(passed)).map((point) => distance(point, exact));
  };

  it(`is of order ${order} where the data are one Gaussian: its spread is √(ᾱs² + 1 − ᾱ)`, async () => {
    const alphaBar = squaredCosineSchedule(config.steps);
    const spread = (k: number) => Math.sqrt(alphaBar[k] * 0.15 ** 2 + 1 - alphaBar[k]);
    const exact = ([0.2, -0.1] as const).map((mean, i) => {
      const away = START[i] - Math.sqrt(alphaBar[config.steps]) * mean;
      const factor = spread(STATION) / spread(config.steps);
      return Math.sqrt(alphaBar[STATION]) * mean + factor * away;
    });
    expectOrder(await errorsTo(CLOUD, [exact[0], exact[1]]), order);
  });

  it(`is of order ${order} on a mixture in the plane`, async () => {
    const plan = dpmSolver(config, 6400);
    const path = await follow(plan, diffusionOracle(FORK, config));
    const exact = path[plan.findIndex(({ time }) => time * config.steps === STATION)];
    expectOrder(await errorsTo(FORK, exact), order);
  });
});

describe('DPM-Solver++(2M)', () => {
  const config: DiffusionConfig = { steps: 100, prediction: 'v' };

  it('begins and ends with a step of DDIM, which is DPM-Solver of order one', () => {
    const numbers = ({ next }: SamplerPlan[number]) => [next.x, next.y, next.previousY, next.noise];
    for (const i of [0, -1]) {
      const ours = numbers(dpmSolver(config, 10).slice(i)[0]);
      const theirs = numbers(ddim(config, 10).slice(i)[0]);
      ours.forEach((value, j) => {
        expect(value).toBeCloseTo(theirs[j], 10);
      });
    }
  });

  it('gives less error than DDIM for the same network evaluations', async () => {
    const exact: Point = [0.2 + 0.15 * START[0], -0.1 + 0.15 * START[1]];
    const answer = diffusionOracle(CLOUD, config);
    for (const steps of [10, 20, 50]) {
      const end = async (plan: SamplerPlan) => (await follow(plan, answer)).slice(-1)[0];
      const error = distance(await end(dpmSolver(config, steps)), exact);
      expect(error).toBeLessThan(distance(await end(ddim(config, steps)), exact));
    }
  });
});

describe('Heun', () => {
  it('asks twice a step, but never at τ = 1', () => {
    expect(heun(3).map(({ time }) => time)).toEqual([0, 1 / 3, 1 / 3, 2 / 3, 2 / 3]);
    expect(heun(1)).toEqual(euler(1));
  });

  it('is exact where the velocity changes evenly with τ, up to its last step', async () => {
    // v = 2τ from 0 leads to τ².
    const answer: Answer = (x, tau) => x.map(() => 2 * tau);
    const path = await followPlan(heun(4), answer, Float64Array.of(0), none);
    expect(path[2][0]).toBeCloseTo(1 / 16, 12);
    expect(path[6][0]).toBeCloseTo(9 / 16, 12);
  });

  it('leaves no noise in data that are a single point, as one that asked at τ = 1 would', async () => {
    // v = (data − a)/(1 − τ) on the way, and only data once it is reached: no noise is left to see.
    const data = 0.3;
    const answer: Answer = (x, tau) =>
      x.map((each) => (tau < 1 ? (data - each) / (1 - tau) : data));
    const path = await followPlan(heun(5), answer, Float64Array.of(-1.4), none);
    expect(path[path.length - 1][0]).toBeCloseTo(data, 12);
  });
});

describe('one step', () => {
  it('lands where straight paths end, at (8, 8) from (0, 0)', async () => {
    const path = await followPlan(oneStep(), (x) => x.map(() => 8), Float64Array.of(0, 0), none);
    expect(path.map((point) => [...point])).toEqual([
      [0, 0],
      [8, 8],
    ]);
  });

  it('lands on the mean of the data where paths cross: why reflow is needed', async () => {
    const [, [x, y]] = await follow(oneStep(), flowOracle(FORK));
    expect(x).toBeCloseTo(0.7 * 0.6 - 0.3 * 0.5, 12);
    expect(y).toBeCloseTo(0.7 * 0.3 + 0.3 * 0.2, 12);
  });
});
