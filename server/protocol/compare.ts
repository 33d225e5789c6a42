import { z } from 'zod';
import { EXPERIMENT_LIMITS } from './experiment-limits.ts';
import { LIMITS } from './limits.ts';
import { perturbationTextSchema } from './perturbation-schema.ts';
import { laneSchema } from './stage.ts';

const fields = z.strictObject({
  policies: z.array(laneSchema).min(1).max(8),
  rollouts: z.int().min(1).max(LIMITS.rollouts).default(100),
  /** They begin from so many starts, at most as many as there are rollouts. @default about √rollouts */
  starts: z.int().min(1).max(LIMITS.rollouts).optional(),
  seed: z.int().min(0).max(LIMITS.seed).default(0),
  /** Ta for every policy, control steps. @default 1 s, at most the shortest plan */
  actionHorizon: z.int().min(1).max(128).optional(),
  /** What policies that read are told in every rollout. @default nothing */
  instruction: z.string().max(LIMITS.instruction).optional(),
  /** Scale of classifier-free guidance by it, w. @default 1 */
  guidance: z.number().min(0).max(LIMITS.guidance).optional(),
  /** Largest difference in success that counts as none, δ. @default no difference does */
  within: z.number().min(LIMITS.within.least).max(LIMITS.within.most).optional(),
  /**
   * A policy ends once it is told apart from all others, or found the same within δ; `rollouts` is
   * then the most that it has, from as many starts where nothing else is asked for.
   */
  until: z.literal('decided').optional(),
});

type Fields = z.infer<typeof fields>;

const fewEnoughStarts = [
  ({ rollouts, starts = 1 }: Fields) => starts <= rollouts,
  {
    path: ['starts'],
    error: 'expected at most as many starts as rollouts; ask for fewer starts or more rollouts',
  },
] satisfies Parameters<typeof fields.refine>;

export const compareRequestSchema = fields.refine(...fewEnoughStarts);

export type CompareRequest = z.infer<typeof compareRequestSchema>;

/** What a page asks for. */
export const pageCompareSchema = fields
  .extend({
    /** Each policy also with these, NAME=MAGNITUDE, held against itself without. @default none */
    perturbations: z
      .array(perturbationTextSchema)
      .min(1)
      .max(EXPERIMENT_LIMITS.perturbations)
      .optional(),
  })
  .refine(...fewEnoughStarts)
  .refine(({ until, perturbations = [] }) => !until || perturbations.length === 0, {
    path: ['perturbations'],
    error: 'expected none where policies end once they are told apart; leave out one of the two',
  });

export type PageCompareRequest = z.infer<typeof pageCompareSchema>;
