import { z } from 'zod';
import {
  FLOW_TIMES,
  methodNameSchema,
  nameSchema,
  PREDICTIONS,
  PRESET_NAMES,
  policySpecSchema,
  trainingSpecSchema,
} from '../../policies/config/index.ts';
import { LIMITS } from './limits.ts';
import { policySourceSchema } from './source-schema.ts';

const RUN_STATUSES = [
  /** Waiting for its turn. */
  'queued',
  'running',
  'done',
  /** Stopped by someone; its last checkpoint acts and can be resumed. */
  'stopped',
  /** Its process ended without saying so: killed, or the power went. It can be resumed. */
  'interrupted',
  'failed',
] as const;

/** What someone asks for: a policy by name, a preset, a dataset. */
export const trainRequestSchema = z.strictObject({
  policy: methodNameSchema,
  preset: z.enum(PRESET_NAMES).default('quick'),
  dataset: nameSchema,
  /** Optimiser steps. @default the preset's */
  steps: z.int().min(1).max(10_000_000).optional(),
  seed: z.int().min(0).max(LIMITS.seed).default(0),
  /** How a flow's training draws its times. @default 'uniform' */
  flowTime: z.enum(FLOW_TIMES).optional(),
  /** What a diffusion's network answers. @default the preset's */
  prediction: z.enum(PREDICTIONS).optional(),
  /** The flow whose own samples a reflow trains on. @default the one that ships */
  teacher: policySourceSchema.optional(),
  /** A policy of the same network whose weights it begins with. @default random ones */
  from: policySourceSchema.optional(),
});

export type TrainRequest = z.infer<typeof trainRequestSchema>;

/** A policy that a run goes on from, with the sha-256 of its weights. */
const originSchema = z.strictObject({ source: policySourceSchema, hash: z.string() });

/** What is kept of warnings: how many, and the characters of each. */
export const RUN_WARNINGS = { most: 32, length: 1000 } as const;
/** A name for people: one line. */
export const titleSchema = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.runTitle)
  .regex(/^\P{Cc}*$/u, 'expected no control characters');

export const renameRequestSchema = z.strictObject({
  id: nameSchema,
  /** Null for none. */
  title: titleSchema.nullable(),
});

/** On the table, m. */
const place = z.tuple([z.number(), z.number()]);

/** `run.json`: all that defines a run, and how far it got. */
export const runSchema = z.strictObject({
  id: nameSchema,
  /** What a person calls it. */
  title: titleSchema.optional(),
  policy: methodNameSchema,
  preset: z.enum(PRESET_NAMES),
  spec: policySpecSchema,
  training: trainingSpecSchema,
  dataset: z.strictObject({
    name: nameSchema,
    hash: z.string(),
    episodes: z.int(),
    /** Where each object lay at its starts (`hullsOf`); absent in an older file. */
    starts: z.array(z.array(place).max(LIMITS.hullCorners)).max(LIMITS.objects).optional(),
  }),
  /** Of a reflow: the flow it learns from. */
  teacher: originSchema.optional(),
  /** Whose weights it began with, where they were not random. */
  from: originSchema.optional(),
  /** Of a reflow that is done: S of its teacher, and its own (policies/training/straightness.ts). */
  straightness: z.strictObject({ before: z.number(), after: z.number() }).optional(),
  status: z.enum(RUN_STATUSES),
  /** Process that trains it while it runs. */
  pid: z.int().nullable(),
  engine: z.string().nullable(),
  /** Step of the last checkpoint. */
  step: z.int().min(0),
  /** By which that checkpoint vouches for itself; absent before there is one, or in an older file. */
  checkpointSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Of the line of `metrics.jsonl` up to which all were on the disk then; absent likewise. */
  metricsChain: z
    .string()
    .regex(/^([0-9a-f]{16})?$/)
    .optional(),
  /** Mean loss of the last logged interval. */
  loss: z.number().nullable(),
  /** Time spent training so far, s. */
  seconds: z.number().min(0),
  /** What to expect of this run, said before it starts. */
  warnings: z.array(z.string().max(RUN_WARNINGS.length)).max(RUN_WARNINGS.most),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

export type Run = z.infer<typeof runSchema>;

/** One line of `metrics.jsonl`: means over the steps since the line before. */
export const metricSchema = z.strictObject({
  step: z.int(),
  loss: z.number(),
  gradientNorm: z.number(),
  learningRate: z.number(),
  /** Since training began, s. */
  seconds: z.number(),
});

export type Metric = z.infer<typeof metricSchema>;
