import { describe, expect, it } from 'vitest';
import { diffusionPath, type Path, STRAIGHT_PATH } from '../../../policies/paths.ts';
import { Random } from '../../../policies/random.ts';
import { clipped } from '../../../policies/samplers/clipped.ts';
import { ddim } from '../../../policies/samplers/ddim.ts';
import { direct } from '../../../policies/samplers/direct.ts';
import { dpmSolver } from '../../../policies/samplers/dpm-solver.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { type Answer, followPlan } from '../../../policies/samplers/follow.ts';
import { heun } from '../../../policies/samplers/heun.ts';
import { oneStep } from '../../../policies/samplers/one-step.ts';
import { renoise } from '../../../policies/samplers/renoise.ts';
import type { SamplerPlan } from '../../../policies/samplers/sampler.ts';

const DIFFUSION = { steps: 100, prediction: 'v' } as const;

const PLANS: readonly (readonly [string, SamplerPlan, Path | null])[] = [
  ['euler', euler(5), STRAIGHT_PATH],
  ['heun', heun(4), STRAIGHT_PATH],
  ['one step', oneStep(), STRAIGHT_PATH],
  ['renoise', renoise(STRAIGHT_PATH, 5), STRAIGHT_PATH],
  ['ddim', ddim(DIFFUSION, 5, 0.5), diffusionPath(DIFFUSION)],
  ['dpm-solver++', dpmSolver(DIFFUSION, 5), diffusionPath(DIFFUSION)],
  ['direct', direct(), null],
];

const START = [-1.5, -0.3, 0.4, 2];

function follow(plan: SamplerPlan, answer: Answer): Promise<Float64Array[]> {
  const random = Random.of(3);
  return followPlan(plan, answer, Float64Array.from(START), () => random.normal());
}

/** An answer at the right level of noise for data that are not all the same at all times. */
const answering =
  (path: Path | null, data: (time: number) => number): Answer =>
  (x, time) => {
    const estimate = path?.dataAt(time) ?? { x: 0, network: 1 };
    return x.map((each) => (data(time) - estimate.x * each) / estimate.network);
  };

describe.each(PLANS)('%s by clipped estimates', (_, plan, path) => {
  it('goes the same way where estimates are in the range', async () => {
    const answer = answering(path, (time) => Math.sin(5 * time) / 2);
    const [way, expected] = [await follow(clipped(plan, path), answer), await follow(plan, answer)];
    expect(way).toHaveLength(expected.length);
    way.forEach((xs, i) => {
      for (const [j, x] of xs.entries()) expect(x).toBeCloseTo(expected[i][j], 10);
    });
  });

  it('ends at the edge of the range where all of them are beyond', async () => {
    const ends = (
      await follow(
        clipped(plan, path),
        answering(path, () => 3),
      )
    ).at(-1);
    for (const end of ends ?? []) expect(end).toBeCloseTo(1, 10);
  });
});

it('looks back on velocities that were clipped, as on others', async () => {
  // Heun's method on v = (1 − x)/(1 − τ), whatever beyond 1 was answered: a straight way to 1.
  const way = await follow(
    clipped(heun(2), STRAIGHT_PATH),
    answering(STRAIGHT_PATH, () => 7),
  );
  for (const [i, tau] of [0, 0.5, 0.5, 1].entries()) {
    for (const [j, x] of way[i].entries()) expect(x).toBeCloseTo(START[j] + tau * (1 - START[j]));
  }
});

it('changes nothing of a plan that clips its estimates already', () => {
  for (const plan of [ddim(DIFFUSION, 7, 1), dpmSolver(DIFFUSION, 7)]) {
    expect(clipped(plan, diffusionPath(DIFFUSION))).toEqual(plan);
  }
});
