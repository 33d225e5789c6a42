import type { ComparisonEntry } from '../../server/protocol/index.ts';

const proportion = { k: 1, n: 4, rate: 0.25, ci95: [0.05, 0.7] as const };
const percentiles = { p50: 1, p90: 2, p95: 3, p99: 4, max: 5 };

const RESULT = {
  letters: 'a',
  name: 'flow',
  run: null,
  sampler: 'euler',
  nfe: 10,
  guidance: 2,
  actionHorizon: 20,
  success: proportion,
  contact: proportion,
  modes: { left: 1, right: 0 },
  modeEntropy: 1.0000000000000002,
  modeEntropyCi95: [0, 1],
  conditionalEntropy: 0,
  klToDemos: null,
  invalidMiddle: proportion,
  firstPlans: { left: 3, none: 1 },
  modeSwitchRate: 0,
  seamJump: 0.01,
  stepsToSuccess: null,
  plansToDecision: 1.5,
  jerk: { mean: 40.5, max: 900 },
  seamVelocity: null,
  latencyMs: { chunk: percentiles, perStep: percentiles, firstCall: 9, n: 50 },
} as const;

/** A result as it is kept, with every field; another number is another job, a minute later. */
export function comparisonEntry(number: number): ComparisonEntry {
  return {
    id: `compare-${number.toString(16).padStart(8, '0')}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    comparison: {
      task: 'left-right',
      seed: 100_000,
      rollouts: 4,
      starts: 2,
      within: 0.05,
      ended: { when: 'decided', taken: 8, saved: 0 },
      instruction: 'take the red ball',
      engine: 'test',
      batch: 25,
      policies: [RESULT, { ...RESULT, name: 'l2', sampler: 'direct', nfe: 1 }],
      paired: [
        {
          a: 'flow',
          b: 'l2',
          mcnemarP: 0.5,
          judged: {
            verdict: 'open',
            difference: 0.25,
            eValue: 1.5,
            adjustedEValue: 1.5,
            sameEValue: 0.5,
            adjustedSameEValue: 0.5,
            pairs: 4,
            starts: 2,
            morePairs: 40,
          },
        },
      ],
      leastP: 0.5,
      seconds: 1.5,
    },
  };
}
