import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockedPeriods,
  isLate,
  planTimeColumns,
} from '../../../../client/features/explain/plan-times.ts';
import type { PlanTime } from '../../../../client/features/watch/measurements.ts';

const plan = (milliseconds: number, change: Partial<PlanTime> = {}): PlanTime => {
  return { lane: '1', milliseconds, period: 50, number: 0, ...change };
};

describe('a plan against the control period', () => {
  it('of 551 ms at 20 Hz is late, and blocks for eleven periods', () => {
    expect(isLate(plan(551))).toBe(true);
    expect(blockedPeriods(plan(551))).toBe(11);
  });

  it.each([
    [0.4, 0],
    [50, 0],
    [50.1, 1],
    [100, 1],
    [101, 2],
  ])('of %d ms blocks for %d periods of 50 ms', (milliseconds, periods) => {
    expect(blockedPeriods(plan(milliseconds))).toBe(periods);
  });

  it('blocks for as many ticks of a clock as pass before it is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.constantFrom(20, 50), (ms, period) => {
        let ticks = 0;
        for (let tick = period; tick < ms; tick += period) ticks++;
        expect(blockedPeriods(plan(ms, { period }))).toBe(ticks);
      }),
    );
  });
});

describe('the picture of plans', () => {
  it('has the time of the whole plan, in time or late, each in its lane', () => {
    const times = [
      plan(551, { lane: '2', number: 7 }),
      plan(12, { lane: '2', number: 8 }),
      plan(30, { lane: '1', period: 20, number: 9 }),
    ];
    expect(planTimeColumns(times)).toEqual([
      [7, 8, 9],
      [null, null, null],
      [null, 12, null],
      [null, null, null],
      [null, null, 30],
      [551, null, null],
      [null, null, null],
    ]);
  });
});
