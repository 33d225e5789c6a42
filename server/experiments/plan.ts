/** An experiment as data: who is rolled out how, over which starts and noises, by which program. */
import { z } from 'zod';
import { describeBrokenSeal, openSealed, sealJson } from '../../demos/files/index.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { recordOf } from '../../policies/config/record.ts';
import { formatPerturbation } from '../../sim/index.ts';
import { type GridCell, rolloutGrid } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { besides } from '../protocol/results.ts';
import { runOf } from '../protocol/sources.ts';
import { digestOfData } from './canonical.ts';
import { actingSchema, digestSchema, settingSchema } from './schemas.ts';

/** Of the files that are written here; another format has other shards. */
const FORMAT = 1;
/** Contenders of one experiment. */
export const MOST_CONTENDERS = 1000;
const MOST_LEFT_OUT = 10_000;
/** Characters of what a contender is called. */
const MOST_NAME = 600;

const contenderSchema = z.strictObject({
  ...actingSchema.shape,
  /** As results name it: a directory's name is long. */
  name: z.string().max(MOST_NAME),
  /** Network evaluations a chunk; null where it is not known. */
  nfe: z.int().min(1).nullable(),
  /** Whether rollouts from one start can differ: intervals count what is shared. */
  noise: z.boolean(),
  /** Of a run, what it was trained as; left out of all else, and of older plans. */
  trained: z
    .strictObject({ alike: digestSchema, seed: z.int().min(0).max(LIMITS.seed) })
    .optional(),
  /** Demonstrations it was shown, by mode; null where they are not known. */
  demonstrated: recordOf(z.string().max(64), z.int().min(0)).nullable(),
});

/** A policy that takes part, and how it acts. */
export type Contender = z.infer<typeof contenderSchema>;

const planSchema = z
  .strictObject({
    format: z.literal(FORMAT),
    ...settingSchema.shape,
    rollouts: z.int().min(1).max(LIMITS.rollouts),
    starts: z.int().min(1).max(LIMITS.rollouts),
    contenders: z.array(contenderSchema).min(1).max(MOST_CONTENDERS),
    /** Combinations that were asked for by crossing, and why they do not take part. */
    leftOut: z
      .array(
        z.strictObject({
          combination: z.string().max(2 * MOST_NAME),
          reason: z.string().max(2000),
        }),
      )
      .max(MOST_LEFT_OUT),
    /** Rollouts of one shard; no result depends on it. */
    shardSize: z.int().min(1).max(LIMITS.rollouts),
  })
  .refine(({ rollouts, starts }) => starts <= rollouts, {
    path: ['starts'],
    error: 'expected at most as many starts as rollouts',
  });

export type ExperimentPlan = z.infer<typeof planSchema>;

/** As it is written: sealed by a digest of itself. What could not be read again is not written. */
export function encodePlan(plan: ExperimentPlan): string {
  return `${sealJson(planSchema.parse(plan))}\n`;
}

/**
 * @param path for messages
 * @throws ProtocolError 'damaged' for what is no plan; 'conflict' for one of another format
 */
export function decodePlan(path: string, content: string): ExperimentPlan {
  const refuse = (what: string, cause?: unknown) =>
    new ProtocolError('damaged', `${path}: ${what}; plan the experiment again`, { cause });
  const text = content.trimEnd();
  const opened = openSealed(text);
  if (!opened) throw refuse(describeBrokenSeal(text));
  let value: unknown;
  try {
    value = JSON.parse(opened.text);
  } catch (cause) {
    throw refuse('expected JSON, got something else', cause);
  }
  const format = z.object({ format: z.int() }).safeParse(value).data?.format;
  if (format !== undefined && format !== FORMAT) {
    throw new ProtocolError(
      'conflict',
      `${path}: expected a plan of format ${FORMAT}, got one of format ${format}; run it with the ` +
        'version it was planned with, or plan it again with this one',
    );
  }
  const { data, error } = planSchema.safeParse(value);
  if (data) return data;
  throw refuse(`expected a plan of this version: ${explainIssues(error)}`);
}

/** The grid of rollouts that every contender has. */
export function cellsOf({ rollouts, starts }: ExperimentPlan): GridCell[] {
  return rolloutGrid(rollouts, starts);
}

/** What an experiment is, however it is cut into shards: of equal ones all tables are equal. */
export function essenceOf({
  shardSize: _,
  ...rest
}: ExperimentPlan): Omit<ExperimentPlan, 'shardSize'> {
  return rest;
}

export function experimentId(plan: ExperimentPlan): string {
  return digestOfData(essenceOf(plan));
}

/** Whether two of them would do the same in every rollout. */
export function sameActing(a: Contender, b: Contender): boolean {
  const deciding = (contender: Contender) => {
    const { digest, sampler, actionHorizon, guidance, chunking, perturbation } = contender;
    return digestOfData({ digest, sampler, actionHorizon, guidance, chunking, perturbation });
  };
  return deciding(a) === deciding(b);
}

/** As people read it: "flow euler 4 w=2, Ta 8, real-time d 2, mass=2"; a run by its id. */
export function contenderName(contender: Contender): string {
  return sayContender(contender, runOf(contender.source) ?? contender.name);
}

/** The same of a run that may have any seed: by its method. */
export function trainingName(contender: Contender): string {
  return sayContender(contender, contender.name);
}

function sayContender(contender: Contender, who: string): string {
  const { nfe, actionHorizon, chunking, perturbation } = contender;
  const drawn = [samplerName(contender), nfe].filter((part) => part !== null).join(' ');
  const parts = [`${who}${drawn && ` ${drawn}`}`, `Ta ${actionHorizon}`];
  if (chunking) parts.push(`${chunking.scheme} d ${chunking.delay}`);
  if (perturbation) parts.push(formatPerturbation(perturbation));
  return parts.join(', ');
}

/** The sampler with what was asked of it besides network calls; null where there is neither. */
export function samplerName(contender: Contender): string | null {
  const { guidance } = contender;
  const guided = besides(guidance === null ? {} : { guidance });
  const text = `${samplerKind(contender) ?? ''}${guided}`.trim();
  return text === '' ? null : text;
}

/** The sampler, with the noise that it adds; null for a policy that draws in a way of its own. */
export function samplerKind({ sampler }: Pick<Contender, 'sampler'>): string | null {
  if (sampler === null) return null;
  return sampler.kind === 'ddim' && sampler.eta > 0
    ? `${sampler.kind}${besides({ eta: sampler.eta })}`
    : sampler.kind;
}
