import { expect, it } from 'vitest';
import { describeLatency, eachAsCsv } from '../../scripts/latency-tables.ts';
import type { LatencyReport, Spread } from '../../server/protocol/results.ts';

const spread = (ms: number): Spread => ({ p50: ms, p90: ms, p95: ms, p99: ms, p999: ms, max: ms });
const STAGES = {
  observe: 0.5,
  normalize: 0.25,
  network: 6,
  denormalize: 0.25,
  encode: 1,
  queue: 2,
};

function reportOf({ nfe, n }: { nfe: number; n: number }): LatencyReport {
  return {
    ...{ engine: 'compiled', threads: 1, cpu: 'a processor', sampler: 'euler', nfe, n },
    actionHorizon: 4,
    stages: {
      observe: spread(0.5),
      normalize: spread(0.25),
      network: spread(6),
      denormalize: spread(0.25),
      encode: spread(1),
      queue: spread(2),
    },
    chunkMs: spread(8),
    perStepMs: spread(2),
    firstCallMs: 20,
    deadline: { hz: 100, blockingMs: 10, aheadMs: 40, missed: 3, starvedTicks: 4, delaySteps: 1 },
    observationAgeMs: spread(38),
    eventLoopLagMs: { p50: 1, p99: 2, max: 3 },
    garbage: { collections: 5, ms: 6, longestMs: 4 },
    overheadMs: 0.004,
    plans: [{ tick: 12, stages: STAGES, chunkMs: 8, missed: false }],
  };
}

it('one loop is told stage by stage, against both times that a plan may have', () => {
  const text = describeLatency([reportOf({ nfe: 10, n: 2000 })]);
  expect(text).toMatch(/^one plan +8\.000( +8\.000){5}$/m);
  expect(text).toMatch(/^observation age +38\.000/m);
  expect(text).toContain('80 % of the 10.0 ms that it has where the arm waits for it');
  expect(text).toContain('20 % of the 40 ms until the next one is due');
  expect(text).toContain('measuring takes 4.0 µs a plan, 0.05 % of it');
  expect(text).not.toContain('the longest: --seconds');
});

it('percentiles of too few plans are called what they are', () => {
  const said = (n: number) => describeLatency([reportOf({ nfe: 10, n })]);
  expect(said(99)).toContain('of 99 plans, p99 and p99.9 are the longest');
  expect(said(999)).toContain('of 999 plans, p99.9 is the longest');
});

it('several loops have a row each, by their number of network calls', () => {
  const text = describeLatency([reportOf({ nfe: 1, n: 2000 }), reportOf({ nfe: 10, n: 120 })]);
  expect(text).toMatch(/^ +1 +2000 +8\.000/m);
  expect(text).toMatch(/^ +10 +120 +8\.000/m);
  expect(text).toContain('of 120 plans, p99.9 is the longest');
});

it('each plan is a row of comma-separated values', () => {
  expect(eachAsCsv([reportOf({ nfe: 10, n: 1 })])).toBe(
    'nfe,tick,queue_ms,observe_ms,normalize_ms,network_ms,denormalize_ms,encode_ms,plan_ms,missed\r\n' +
      '10,12,2.0000,0.5000,0.2500,6.0000,0.2500,1.0000,8.0000,0\r\n',
  );
});
