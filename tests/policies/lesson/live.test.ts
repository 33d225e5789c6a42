import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { LiveLesson, type LivePaths } from '../../../policies/lesson/live.ts';
import { score, velocity } from '../../../policies/lesson/mixture.ts';
import {
  FORK_TARGET,
  LIVE_STEPS,
  ownTarget,
  POINT_TARGET,
  type Target,
} from '../../../policies/lesson/target.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import { diffusionLevel } from '../../../policies/paths.ts';

vi.setConfig({ hookTimeout: 300_000 });

const SQUARE = { centre: [0, 0], half: 2 } as const;
const EULER = { kind: 'euler', steps: 10 } as const;
const DDPM = { kind: 'ddpm' } as const;

const engine = createCompiledEngine();

async function learn(target: Target, steps: number, seed = 0): Promise<LiveLesson> {
  const lesson = await LiveLesson.create(engine, target, { seed, steps });
  while (lesson.steps < steps) await lesson.step();
  return lesson;
}

/** Where a point is at a station. */
function at({ stations, count }: LivePaths, station: number, point: number): [number, number] {
  const place = 2 * (station * count + point);
  return [stations[place], stations[place + 1]];
}

describe('the fork, learnt live', () => {
  let lesson: LiveLesson;
  beforeAll(async () => {
    lesson = await learn(FORK_TARGET, LIVE_STEPS);
  });

  it.each([
    ['diffusion', DDPM],
    ['diffusion', { kind: 'ddim', steps: 10, eta: 0 }],
    ['flow', EULER],
  ] as const)('%s lands in both clouds, by $kind', async (kind, sampler) => {
    const { inside, outside, count } = await lesson.draw(kind, sampler, 200);
    expect(inside[0] + inside[1] + outside).toBe(count);
    // Half each; four standard errors.
    for (const landed of inside)
      expect(Math.abs(landed - 100)).toBeLessThan(4 * Math.sqrt(50) + 15);
    expect(outside / count).toBeLessThan(0.15);
  });

  it('comes within 12 % RMS of the closed forms', async () => {
    const { fieldError } = await lesson.measure();
    expect(fieldError.flow).toBeLessThan(0.12);
    expect(fieldError.diffusion).toBeLessThan(0.12);
  });

  it('both kinds start from the same noise, and fewer points are the first of more', async () => {
    const flow = await lesson.draw('flow', EULER, 8);
    const diffusion = await lesson.draw('diffusion', DDPM, 12);
    for (let point = 0; point < 8; point++) {
      expect(at(diffusion, 0, point)).toEqual(at(flow, 0, point));
    }
  });

  it("diffusion's way is crooked, flow's nearly straight", async () => {
    const { detour: crooked } = await lesson.draw('diffusion', DDPM, 32);
    const { detour: smooth } = await lesson.draw('flow', EULER, 32);
    expect(crooked).toBeGreaterThan(5);
    expect(smooth).toBeLessThan(1.5);
    expect(smooth).toBeGreaterThanOrEqual(1);
  });

  it("the exact arrows are the flow's velocity and the diffusion's score times its noise", async () => {
    const flow = await lesson.field('flow', 0.4, SQUARE, 5);
    const diffusion = await lesson.field('diffusion', 0.4, SQUARE, 5);
    const level = diffusionLevel(squaredCosineSchedule(100)[60]);
    expect(flow.places).toHaveLength(50);
    for (let i = 0; i < 25; i++) {
      const place = [flow.places[2 * i], flow.places[2 * i + 1]] as const;
      const exact = velocity(FORK_TARGET.mixture, place, 0.4);
      const upward = score(FORK_TARGET.mixture, level, place);
      for (const axis of [0, 1]) {
        expect(flow.best[2 * i + axis]).toBeCloseTo(exact[axis], 5);
        expect(diffusion.best[2 * i + axis]).toBeCloseTo(level.noise * upward[axis], 5);
      }
    }
  });

  it('the learnt arrows are near the exact ones where noised points are', async () => {
    for (const kind of ['flow', 'diffusion'] as const) {
      const { learnt, best } = await lesson.field(kind, 0.3, { centre: [0, 0.2], half: 1 }, 5);
      const apart = Math.hypot(...learnt.map((value, i) => value - best[i]));
      expect(apart / Math.hypot(...best)).toBeLessThan(0.2);
    }
  });
});

describe('the worked example, learnt live', () => {
  let lesson: LiveLesson;
  beforeAll(async () => {
    lesson = await learn(POINT_TARGET, 500);
  });

  it('ten Euler steps go straight through (0.8, 0.8), (1.6, 1.6), … of (8, 8)', async () => {
    const paths = await lesson.draw('flow', EULER, 3);
    for (let station = 0; station <= 10; station++) {
      const [x, y] = at(paths, station, 1);
      expect(Math.hypot(8 * x - 0.8 * station, 8 * y - 0.8 * station)).toBeLessThan(0.1);
    }
    expect(paths.detour - 1).toBeLessThan(1e-3);
    expect(paths.inside).toEqual([3]);
  });

  it('diffusion reaches the point by ten crooked steps, other ones for each point', async () => {
    const paths = await lesson.draw('diffusion', DDPM, 6);
    expect(paths.detour).toBeGreaterThan(1.5);
    expect(paths.inside).toEqual([6]);
    expect(at(paths, 0, 0)).toEqual([0, 0]);
    expect(at(paths, 5, 0)).not.toEqual(at(paths, 5, 1));
  });

  it('the velocity is (8, 8) all along the way, and straight to the last', async () => {
    const { learnt, best, places } = await lesson.field('flow', 0.5, SQUARE, 9);
    expect([...best]).toEqual(new Array(18).fill(1));
    expect(places[0]).toBe(0);
    expect(places[17]).toBe(1);
    for (const component of learnt) expect(Math.abs(component - 1)).toBeLessThan(0.05);
    const { fieldError, straightness } = await lesson.measure();
    expect(fieldError.flow).toBeLessThan(0.02);
    expect(straightness).toBeLessThan(1e-3);
  });
});

it('points of one’s own are learnt as well', async () => {
  const lesson = await learn(
    ownTarget([
      [-0.8, -0.8],
      [0.8, -0.8],
      [0, 0.9],
    ]),
    600,
  );
  const { inside, count } = await lesson.draw('flow', { kind: 'euler', steps: 20 }, 90);
  for (const landed of inside) expect(landed).toBeGreaterThan(10);
  expect(inside.reduce((sum, landed) => sum + landed) / count).toBeGreaterThan(0.7);
});

it('the same target and seed give the same lesson, another seed another', async () => {
  const draws: number[][] = [];
  for (const seed of [1, 1, 2]) {
    const lesson = await learn(FORK_TARGET, 3, seed);
    draws.push([...(await lesson.draw('diffusion', DDPM, 2)).stations]);
    await lesson.dispose();
  }
  expect(draws[1]).toEqual(draws[0]);
  expect(draws[2]).not.toEqual(draws[0]);
});
