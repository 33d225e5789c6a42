import { describe, expect, it } from 'vitest';
import { measureLatency } from '../../../server/evaluation/latency.ts';
import type { LatencyReport, Percentiles } from '../../../server/protocol/results.ts';
import {
  ONE_STEP,
  type Script,
  ScriptedPolicy,
  type ScriptInputs,
} from '../../support/scripted-policy.ts';
import { HOLD, rapier, task } from '../../support/simulation.ts';

const holdStill = ({ noise }: ScriptInputs) => Float32Array.from(noise, (_, i) => HOLD[i % 8]);

/** A plan that takes at least so long, ms. */
function slow(milliseconds: number) {
  return (inputs: ScriptInputs) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
    return holdStill(inputs);
  };
}

function measure(
  script: Script,
  { controlHz = 100, seconds = 0.5, actionHorizon = 8 } = {},
): Promise<LatencyReport> {
  return measureLatency({
    rapier,
    task,
    engine: { name: 'scripted', threads: 1 },
    policy: new ScriptedPolicy(script),
    sampler: ONE_STEP,
    actionHorizon,
    seed: 0,
    controlHz,
    seconds,
  });
}

const values = ({ p50, p90, p95, p99, max }: Percentiles) => [p50, p90, p95, p99, max];

describe('a latency report', () => {
  it('says what was measured, on what', async () => {
    const report = await measure(holdStill);
    expect(report).toMatchObject({
      engine: 'scripted',
      threads: 1,
      cpu: expect.stringMatching(/./),
      sampler: 'euler',
      nfe: 1,
      actionHorizon: 8,
      deadline: { hz: 100 },
    });
    expect(Object.keys(report.stages)).toEqual([
      'observe',
      'normalize',
      'network',
      'denormalize',
      'encode',
      'queue',
    ]);
    expect(report.firstCallMs).toBeGreaterThan(0);
  });

  it('has stages that fit into the plan they are parts of', async () => {
    const { stages, chunkMs, perStepMs } = await measure(slow(1));
    const { queue, ...parts } = stages;
    for (const part of Object.values(parts)) {
      expect(values(part)).toEqual(values(part).sort((a, b) => a - b));
      expect(part.p50).toBeGreaterThanOrEqual(0);
      values(part).forEach((value, i) => {
        expect(value).toBeLessThanOrEqual(values(chunkMs)[i]);
      });
    }
    expect(queue.p50).toBeGreaterThanOrEqual(0);
    expect(stages.network.p50).toBeGreaterThanOrEqual(1);
    values(perStepMs).forEach((value, i) => {
      expect(value).toBeCloseTo(values(chunkMs)[i] / 8, 12);
    });
  });

  it('holds as many plans as the schedule has, however slow they are', async () => {
    const fast = await measure(holdStill);
    const slower = await measure(slow(30));
    expect(fast.n).toBeGreaterThan(0);
    expect(slower.n).toBe(fast.n);
  });

  it('charges a slow plan with every control step it held up', async () => {
    const { n, deadline, chunkMs } = await measure(slow(35));
    expect(chunkMs.p50).toBeGreaterThanOrEqual(35);
    expect(deadline.missed).toBe(n);
    expect(deadline.starvedTicks).toBeGreaterThanOrEqual(3 * n);
    expect(deadline.delaySteps).toBeGreaterThanOrEqual(4);
  });

  it('leaves the first plans out: they are slower', async () => {
    let calls = 0;
    const report = await measure((inputs) => (++calls <= 3 ? slow(40)(inputs) : holdStill(inputs)));
    expect(report.firstCallMs).toBeGreaterThanOrEqual(40);
    expect(calls).toBe(report.n + 3);
  });
});
