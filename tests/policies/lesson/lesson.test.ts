import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { type DrawnPoints, type LessonReport, runLesson } from '../../../policies/lesson/lesson.ts';

vi.setConfig({ hookTimeout: 300_000 });

const POINTS = 1000;

let report: LessonReport;
beforeAll(async () => {
  report = await runLesson(createCompiledEngine(), 0, { steps: 1000, points: POINTS });
});

function drawn(policy: DrawnPoints['policy'], sampler: string): DrawnPoints {
  const found = report.fork.drawn.find(
    (each) => each.policy === policy && each.sampler === sampler,
  );
  if (!found) throw new Error(`expected points of ${policy} by ${sampler}`);
  return found;
}

describe('from (0, 0) to (8, 8)', () => {
  it('the learnt velocity is (8, 8) at τ = 0.3, in (2.4, 2.4), and at τ = 0.8', () => {
    const { stations } = report.workedExample.flow;
    expect(stations.map(({ tau, point }) => [tau, ...point.map((x) => +x.toFixed(9))])).toEqual([
      [0.3, 2.4, 2.4],
      [0.8, 6.4, 6.4],
    ]);
    for (const { velocity } of stations) {
      expect(Math.hypot(velocity[0] - 8, velocity[1] - 8)).toBeLessThan(1e-3 * Math.hypot(8, 8));
    }
  });

  it('one Euler step lands less than a thousandth of the way off', () => {
    expect(report.workedExample.flow.oneStep.error).toBeLessThan(1e-3);
    expect(report.workedExample.flow.tenSteps.error).toBeLessThan(1e-3);
  });

  it('ten Euler steps go straight through (0.8, 0.8), (1.6, 1.6), …', () => {
    const { path, detour } = report.workedExample.flow.tenSteps;
    path.forEach(([x, y], i) => {
      expect(Math.hypot(x - 0.8 * i, y - 0.8 * i)).toBeLessThan(0.02);
    });
    expect(detour - 1).toBeLessThan(1e-4);
  });

  it('DDPM wanders, on another crooked path each time, and arrives', () => {
    const runs = report.workedExample.diffusion;
    for (const { path, detour, error } of runs) {
      expect(path).toHaveLength(11);
      expect(detour).toBeGreaterThan(1.5);
      expect(error).toBeLessThan(0.01);
    }
    const middles = runs.map(({ path }) => path[5]);
    for (const [i, a] of middles.entries()) {
      for (const b of middles.slice(i + 1)) {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(0.5);
      }
    }
  });
});

describe('at the fork', () => {
  it('the learnt velocity is within 5 % RMS of the closed form, σ = 0.15 and τ ≤ 0.95', () => {
    expect(report.fork.mixture.deviation).toBe(0.15);
    expect(report.fork.fieldError.flow).toBeLessThan(0.05);
    expect(report.fork.fieldError.diffusion).toBeLessThan(0.1);
  });

  it('L2 answers with the middle, where nobody went', () => {
    const { outside, energyDistance } = drawn('l2', 'direct');
    expect(outside).toBe(1);
    expect(energyDistance).toBeGreaterThan(0.4);
  });

  it.each([
    ['diffusion', 'ddpm'],
    ['diffusion', 'ddim'],
    ['diffusion', 'dpm-solver++'],
    ['flow', 'euler'],
    ['flow', 'heun'],
    ['reflow', 'one-step'],
  ] as const)('%s by %s draws both clouds in their shares', (policy, sampler) => {
    const { energyDistance, modes, outside } = drawn(policy, sampler);
    // Two samples of the clouds themselves are about 0.0015 apart, one cloud alone 0.3.
    expect(energyDistance).toBeLessThan(0.015);
    // Four standard errors, of the share among the points in either cloud.
    const share = modes[0] / (modes[0] + modes[1]);
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / POINTS));
    expect(outside).toBeLessThan(0.1);
  });

  it('one step is enough after reflow alone, whose paths are straight', () => {
    const { flow, reflow } = report.fork.straightness;
    expect(reflow).toBeLessThan(flow / 100);
    expect(drawn('flow', 'one-step').outside).toBeGreaterThan(0.9);
    expect(drawn('reflow', 'one-step').outside).toBeLessThan(0.1);
    expect(drawn('reflow', 'one-step').nfe).toBe(1);
  });
});
