import { z } from 'zod';
import { PREDICTIONS } from './predictions.ts';

export type { Prediction } from '../paths.ts';

/** Densities of flow time in training; `policies/methods/flow-time.ts` says what each favours. */
export const FLOW_TIMES = ['uniform', 'beta', 'logit-normal', 'start'] as const;
export type FlowTime = (typeof FLOW_TIMES)[number];

export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('regression') }),
  z.strictObject({
    kind: z.literal('diffusion'),
    /** K, diffusion steps in training. */
    steps: z.int().min(2).max(1000),
    /** What the network's answer stands for. */
    prediction: z.enum(PREDICTIONS),
  }),
  z.strictObject({
    kind: z.literal('flow'),
    /** How τ is drawn in training. @default 'uniform' */
    time: z.enum(FLOW_TIMES).optional(),
    /**
     * Which noise a chunk is joined with in training: any, or the noise from which another flow
     * drew it. @default 'independent'
     */
    coupling: z.enum(['independent', 'reflow']).optional(),
  }),
]);

export type ObjectiveSpec = z.infer<typeof objectiveSchema>;
