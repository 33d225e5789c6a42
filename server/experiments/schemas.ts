/** What plans and shards have in common, as files hold it. */
import { z } from 'zod';
import { ENGINE_NAMES, nameSchema, samplerSchema } from '../../policies/config/index.ts';
import { SCHEMES } from '../protocol/chunking.ts';
import { LIMITS } from '../protocol/limits.ts';
import { perturbationSchema } from '../protocol/perturbation-schema.ts';
import { policySourceSchema } from '../protocol/source-schema.ts';

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** The program that computes something: `ProgramIdentity`. */
export const programSchema = z.strictObject({
  code: z.strictObject({ version: z.string().max(64), digest: digestSchema }),
  physics: z.strictObject({ package: z.string().max(200), version: z.string().max(64) }),
});

/** All that decides a rollout but the policy and its place in the grid. */
export const settingSchema = z.strictObject({
  ...programSchema.shape,
  engine: z.enum(ENGINE_NAMES),
  /** Rollouts that advance together: sums of a network may depend on it in their last bits. */
  batch: z.int().min(1).max(1000),
  task: nameSchema,
  /** Of starts and noise. */
  seed: z.int().min(0).max(LIMITS.seed),
  /** What policies that read are told in every rollout; null: nothing. */
  instruction: z.string().min(1).max(LIMITS.instruction).nullable(),
});

/** A policy, and how it acts. */
export const actingSchema = z.strictObject({
  source: policySourceSchema,
  /** Of the policy the source named: it decides, whatever it is called. */
  digest: digestSchema,
  /** Null for a policy that draws in a way of its own. */
  sampler: samplerSchema.nullable(),
  /** Ta, control steps. */
  actionHorizon: z.int().min(1).max(128),
  /** Scale of classifier-free guidance, w; null where none was asked for. */
  guidance: z.number().min(0).max(LIMITS.guidance).nullable(),
  /** What the arm does while a plan is made; null: each plan is there at once. */
  chunking: z.strictObject({ scheme: z.enum(SCHEMES), delay: z.int().min(0).max(128) }).nullable(),
  /** What is otherwise than where it was trained; left out for nothing, as plans before had it. */
  perturbation: perturbationSchema.optional(),
});

export type Acting = z.infer<typeof actingSchema>;
