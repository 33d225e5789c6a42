import { createHistogram } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { timesAsCsv, timesOf } from '../../../../client/features/explain/plan-times.ts';
import type { PlanTime } from '../../../../client/features/watch/measurements.ts';

const plan = (milliseconds: number, change: Partial<PlanTime> = {}): PlanTime => {
  return { lane: '1', episode: 3, step: 20, milliseconds, period: 50, number: 0, ...change };
};

describe('times of plans', () => {
  it('are those of the lane, as the histogram of Node counts them', () => {
    const own = Array.from({ length: 200 }, (_, i) => 1 + 0.7 * i);
    const histogram = createHistogram({ figures: 3 });
    for (const ms of own) histogram.record(Math.round(1e6 * ms));
    const others = own.map((ms) => plan(900 + ms, { lane: '2' }));
    const { plans, late, spread } = timesOf([...own.map((ms) => plan(ms)), ...others], '1');
    expect(plans).toBe(200);
    expect(late).toBe(own.filter((ms) => ms > 50).length);
    for (const [got, percent] of [
      [spread?.p50, 50],
      [spread?.p95, 95],
      [spread?.p99, 99],
    ] as const) {
      const there = histogram.percentile(percent) / 1e6;
      expect(Math.abs((got ?? 0) - there)).toBeLessThanOrEqual(there / 1000);
    }
    expect(spread?.max).toBe(own.at(-1));
  });

  it('are none of a lane without plans', () => {
    expect(timesOf([plan(5)], '2')).toEqual({ plans: 0, late: 0, spread: null });
  });

  it('are taken away, a plan a row', () => {
    const times = [plan(12.34567), plan(551, { lane: '2', step: 40, number: 1 })];
    const nameOf = (lane: string) => (lane === '1' ? 'Flow' : 'a run, of mine');
    expect(timesAsCsv(times, nameOf).split('\r\n')).toEqual([
      'view,policy,episode,step,plan_ms,period_ms,missed',
      '1,Flow,3,20,12.3457,50,0',
      '2,"a run, of mine",3,40,551.0000,50,1',
      '',
    ]);
  });
});
