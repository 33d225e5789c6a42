import { z } from 'zod';
import { describeBrokenSeal, openSealed, sealJson } from '../../demos/files/index.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { recordOf } from '../../policies/config/record.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { ComparisonEntry } from '../protocol/events.ts';
import { EXPERIMENT_LIMITS } from '../protocol/experiment-limits.ts';
import { LIMITS } from '../protocol/limits.ts';

/** Largest file that is read, bytes: a comparison of eight policies has about 15 kB. */
export const MOST_BYTES = 256 * 1024;

const text = z.string().max(200);
const count = z.int().min(0);
const share = z.number().min(0).max(1);
/** An entropy: rounding may take it past its maximum. */
const relative = z.number().min(0).max(1.0001);
const positive = z.number().min(0);
const interval = z.tuple([share, share]);

const proportion = z.strictObject({ k: count, n: count, rate: share, ci95: interval });

const percentiles = z.strictObject({
  p50: positive,
  p90: positive,
  p95: positive,
  p99: positive,
  max: positive,
});

const counts = recordOf(text, count).refine((each) => Object.keys(each).length <= 32, {
  error: 'expected at most 32 keys',
});

const evidence = z.number().min(0);

const judgement = z.strictObject({
  verdict: z.enum(['better', 'worse', 'same', 'open']),
  difference: z.number().min(-1).max(1),
  eValue: evidence,
  adjustedEValue: evidence,
  sameEValue: evidence.exactOptional(),
  adjustedSameEValue: evidence.exactOptional(),
  pairs: count.max(LIMITS.rollouts),
  starts: count.max(LIMITS.rollouts),
  morePairs: count.nullable(),
});

const peak = z.strictObject({ mean: positive, max: positive });

const failures = recordOf(z.string().max(500), count).refine(
  (each) => Object.keys(each).length <= 8,
  { error: 'expected at most 8 keys' },
);

const policyResult = z.strictObject({
  letters: z
    .string()
    .regex(/^[a-z]{1,26}$/)
    .exactOptional(),
  name: text,
  run: text.nullable(),
  sampler: text.nullable(),
  nfe: count.nullable(),
  eta: share.exactOptional(),
  guidance: z.number().min(0).max(LIMITS.guidance).exactOptional(),
  actionHorizon: count,
  success: proportion,
  contact: proportion,
  modes: counts,
  modeEntropy: relative,
  modeEntropyCi95: z.tuple([relative, relative]),
  conditionalEntropy: relative,
  klToDemos: z.number().nullable(),
  invalidMiddle: proportion,
  firstPlans: counts,
  modeSwitchRate: share,
  seamJump: positive,
  stepsToSuccess: positive.nullable(),
  plansToDecision: positive.nullable().exactOptional(),
  jerk: peak.nullable().exactOptional(),
  seamVelocity: peak.nullable().exactOptional(),
  latencyMs: z
    .strictObject({
      chunk: percentiles,
      perStep: percentiles,
      firstCall: positive,
      n: count,
      wire: percentiles.exactOptional(),
    })
    .nullable(),
  failures: failures.exactOptional(),
  replayable: z.literal(false).exactOptional(),
});

const difference = z.number().min(-1).max(1);
/** Policies, without and with each perturbation. */
const MOST_CASES = 8 * (1 + EXPERIMENT_LIMITS.perturbations);

const robustnessResult = z.strictObject({
  name: text,
  run: text.nullable(),
  sampler: text.nullable(),
  nfe: count.nullable(),
  actionHorizon: count,
  perturbation: text.nullable(),
  success: proportion,
  contact: proportion,
  modes: counts,
  stepsToSuccess: positive.nullable(),
  againstControl: z
    .strictObject({
      difference,
      ci95: z.tuple([difference, difference]),
      p: share,
      gained: count,
      lost: count,
      judged: judgement,
    })
    .nullable(),
  failures: failures.exactOptional(),
});

const entrySchema = z.strictObject({
  id: text,
  at: z.iso.datetime(),
  comparison: z.strictObject({
    task: text,
    seed: count.max(LIMITS.seed),
    rollouts: count.max(LIMITS.rollouts),
    starts: count.max(LIMITS.rollouts),
    within: share.exactOptional(),
    ended: z
      .strictObject({ when: z.literal('decided'), taken: count, saved: count })
      .exactOptional(),
    instruction: z.string().max(LIMITS.instruction).exactOptional(),
    engine: text,
    batch: count,
    policies: z.array(policyResult).min(1).max(8),
    paired: z
      .array(
        z.strictObject({ a: text, b: text, mcnemarP: share, judged: judgement.exactOptional() }),
      )
      .max(28),
    leastP: share,
    robustness: z.array(robustnessResult).max(MOST_CASES).exactOptional(),
    seconds: positive,
  }),
}) satisfies z.ZodType<ComparisonEntry>;

/** A comparison as it is kept: readable, under a seal. */
export function encodeComparison(entry: ComparisonEntry): string {
  return sealJson({ ...entry });
}

/**
 * @param id that its name gives it
 * @throws ProtocolError 'damaged'
 */
export function decodeComparison(id: string, content: string): ComparisonEntry {
  const opened = openSealed(content);
  if (!opened?.sealed) throw damaged(id, describeBrokenSeal(content));
  const { data, error } = entrySchema.safeParse(JSON.parse(opened.text));
  if (!data) throw damaged(id, `expected a result of compare: ${explainIssues(error)}`);
  if (data.id !== id) throw damaged(id, `expected the result of that job, got that of ${data.id}`);
  return data;
}

function damaged(id: string, what: string): ProtocolError {
  return new ProtocolError('damaged', `comparison ${id}: ${what}`);
}
