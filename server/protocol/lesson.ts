import { z } from 'zod';
import { nameSchema, type Prediction } from '../../policies/config/index.ts';
import { LIMITS } from './limits.ts';
import { policySourceSchema } from './source-schema.ts';

export const actionsRequestSchema = z.strictObject({
  dataset: nameSchema,
  /** Number of the episode. */
  episode: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});

export type ActionsRequest = z.infer<typeof actionsRequestSchema>;

/** The actions of one demonstration, as training sees them. */
export interface DemonstratedActions {
  readonly dataset: string;
  readonly episode: number;
  readonly mode: string | null;
  readonly controlHz: number;
  /** Components of an action: 7 joints, gripper opening. */
  readonly actionDim: number;
  /** [T, actionDim], each component's range over the dataset mapped to ±1. */
  readonly actions: readonly number[];
}

export const noiseLevelsRequestSchema = z.strictObject({
  policy: policySourceSchema,
  /** Demonstrations to measure on. @default those a run was trained on */
  dataset: nameSchema.optional(),
  /** Equal parts of the way from data to noise. */
  bins: z.int().min(2).max(LIMITS.noiseBins).default(10),
});

export type NoiseLevelsRequest = z.infer<typeof noiseLevelsRequestSchema>;

/** A policy's loss by noise level. */
export interface NoiseLevels {
  readonly policy: string;
  readonly objective: 'diffusion' | 'flow';
  /** What a diffusion's network answers with; null for a flow's, which is the velocity. */
  readonly prediction: Prediction | null;
  readonly dataset: string;
  /** Episodes looked at, and chunks drawn from them at each level. */
  readonly episodes: number;
  readonly draws: number;
  /** From data to noise. */
  readonly bins: readonly NoiseBin[];
}

export interface NoiseBin {
  /** Diffusion steps k, both included, or flow times τ. */
  readonly from: number;
  readonly to: number;
  /** Mean squared error of the network's answer, and the standard error of that mean. */
  readonly loss: number;
  readonly standardError: number;
}
