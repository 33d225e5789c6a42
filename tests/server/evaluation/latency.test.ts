import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type LatencyOptions, measureLatency } from '../../../server/evaluation/latency.ts';
import type { LatencyReport, Spread } from '../../../server/protocol/results.ts';
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
  {
    controlHz = 100,
    seconds = 0.5,
    actionHorizon = 8,
    ...more
  }: Partial<
    Pick<LatencyOptions, 'eachPlan' | 'stall' | 'controlHz' | 'seconds' | 'actionHorizon'>
  > = {},
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
    ...more,
  });
}

const values = ({ p50, p90, p95, p99, p999, max }: Spread) => [p50, p90, p95, p99, p999, max];

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
      deadline: { hz: 100, blockingMs: 10, aheadMs: 80 },
    });
    expect(report).not.toHaveProperty('plans');
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

  it('shows a stall of one plan once: in the longest, in the tail and in what was missed', async () => {
    const options = { controlHz: 20, seconds: 2, actionHorizon: 4, eachPlan: true };
    const report = await measure(holdStill, { ...options, stall: { plan: 3, ms: 80 } });
    const { plans = [], n, chunkMs, stages, deadline } = report;
    expect(plans).toHaveLength(n);
    // 40 control steps, of which the first four are of a plan that was there.
    expect(n).toBe(9);
    // 50 ms a step: a machine that is busy may miss others, none of which takes so long.
    expect(plans[2]).toMatchObject({ tick: 12, missed: true });
    expect(plans.filter(({ stages }) => stages.network >= 80)).toEqual([plans[2]]);
    expect(chunkMs.max).toBeGreaterThanOrEqual(80);
    expect(chunkMs.p999).toBeGreaterThanOrEqual(79.9);
    expect(chunkMs.p50).toBeLessThan(80);
    expect(stages.network.max).toBeGreaterThanOrEqual(80);
    expect(deadline.missed).toBe(plans.filter(({ missed }) => missed).length);
    expect(deadline.starvedTicks).toBeGreaterThanOrEqual(1);
  });

  it('tells work beside it from slow plans by the stage that waits', async () => {
    // Whatever else the process does comes between a plan and when it is due.
    const busy = setInterval(() => {
      for (const until = performance.now() + 60; performance.now() < until; );
    }, 1);
    const { stages, eventLoopLagMs } = await measure(holdStill, { seconds: 1 });
    clearInterval(busy);
    expect(stages.queue.max).toBeGreaterThan(30);
    expect(stages.queue.p50).toBeGreaterThan(stages.network.p50);
    expect(eventLoopLagMs.max).toBeGreaterThan(30);
  });

  it('says how old the observation is that an action follows from', async () => {
    const { observationAgeMs, chunkMs } = await measure(slow(5), { controlHz: 50, seconds: 1 });
    // The last of eight steps, 20 ms each, acts seven steps after the plan was there.
    expect(observationAgeMs.max).toBeGreaterThanOrEqual(7 * 20 - 20);
    expect(observationAgeMs.p50).toBeGreaterThanOrEqual(3 * 20 - 20);
    expect(observationAgeMs.p50).toBeGreaterThan(chunkMs.p50);
  });

  it('sees garbage collections, and says what it takes itself', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const collect = (inputs: ScriptInputs) => {
      collectGarbage();
      return holdStill(inputs);
    };
    const { garbage, overheadMs, chunkMs } = await measure(collect);
    expect(garbage.collections).toBeGreaterThan(0);
    expect(garbage.longestMs).toBeLessThanOrEqual(garbage.ms);
    expect(overheadMs).toBeGreaterThan(0);
    expect(overheadMs).toBeLessThan(chunkMs.max);
  });
});
