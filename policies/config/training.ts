import { z } from 'zod';

/** How a policy is trained, apart from what it is. */
export const trainingSpecSchema = z.strictObject({
  /** Optimiser steps of the whole run. */
  steps: z.int().min(1).max(10_000_000),
  /** Windows a step. */
  batch: z.int().min(1).max(4096),
  /** Highest learning rate. */
  learningRate: z.number().positive().max(1),
  /** Steps over which the learning rate rises from zero. */
  warmupSteps: z.int().min(0),
  weightDecay: z.number().min(0).max(1),
  /** Gradients longer than this are shortened to it. */
  clipNorm: z.number().positive(),
  /** Final decay of the averaged weights a step. */
  emaDecay: z.number().min(0).max(0.99999),
  /** Any of 32 bits. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
});

export type TrainingSpec = z.infer<typeof trainingSpecSchema>;
