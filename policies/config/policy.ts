import { z } from 'zod';
import { conditionSchema } from './condition.ts';
import { NAME_PATTERN } from './names.ts';

/** A name by `NAME_PATTERN`. */
export const nameSchema = z
  .string()
  .regex(new RegExp(`^${NAME_PATTERN}$`), 'expected 1 to 64 of a–z, 0–9, "_", "-"');

const unetSchema = z.strictObject({
  kind: z.literal('unet'),
  /** Channels of each level of the U-Net; time halves from level to level. */
  channels: z.array(z.int().min(8).max(2048)).min(1).max(4),
  /** Length of the convolutions, control steps. */
  kernel: z.int().min(3).max(9),
  /** Channel groups normalised together. */
  groups: z.int().min(1).max(32),
  /** Size of the step embedding and of the encoded observation. */
  embedding: z.int().min(16).max(512),
});

/** Writes the chunk action by action; one answer to an observation. */
const lstmSchema = z.strictObject({
  kind: z.literal('lstm'),
  /** Numbers in the hidden state. */
  hidden: z.int().min(8).max(2048),
  /** Size of the encoded observation. */
  embedding: z.int().min(16).max(512),
});

export const networkSchema = z.discriminatedUnion('kind', [unetSchema, lstmSchema]);

/** Densities of flow time in training; `policies/objectives/flow-time.ts` says what each favours. */
export const FLOW_TIMES = ['uniform', 'beta', 'logit-normal', 'start'] as const;
export type FlowTime = (typeof FLOW_TIMES)[number];

export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('regression') }),
  z.strictObject({
    kind: z.literal('diffusion'),
    /** K, diffusion steps in training. */
    steps: z.int().min(2).max(1000),
    /** What the network's answer stands for. */
    prediction: z.enum(['epsilon', 'v']),
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

/** What a policy is, apart from its weights and the data it has seen. */
export const policySpecSchema = z
  .strictObject({
    task: nameSchema,
    /** Control rate, Hz. */
    controlHz: z.union([z.literal(20), z.literal(50)]),
    objective: objectiveSchema,
    /** To: observations seen at once, control steps. */
    obsHorizon: z.int().min(1).max(8),
    /** Tp: length of a chunk, control steps. */
    predHorizon: z.int().min(2).max(128),
    network: networkSchema,
    /** What it reads besides numbers; absent: nothing. */
    condition: conditionSchema.exactOptional(),
  })
  .superRefine(({ objective, predHorizon, network, condition }, context) => {
    if (network.kind === 'lstm') {
      if (condition) {
        context.addIssue({
          code: 'custom',
          path: ['condition'],
          message: 'expected none: an lstm reads no instruction and no picture',
        });
      }
      if (objective.kind === 'regression') return;
      context.addIssue({
        code: 'custom',
        path: ['network', 'kind'],
        message: `expected unet: an lstm has one answer and cannot learn ${objective.kind}`,
      });
      return;
    }
    const factor = 2 ** (network.channels.length - 1);
    if (predHorizon % factor !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['predHorizon'],
        message:
          `expected a multiple of ${factor} (the U-Net halves time ` +
          `${network.channels.length - 1} times), got ${predHorizon}`,
      });
    }
    for (const width of network.channels) {
      if (width % network.groups !== 0) {
        context.addIssue({
          code: 'custom',
          path: ['network', 'groups'],
          message: `expected a divisor of every level's channels, got ${network.groups} for ${width}`,
        });
      }
    }
  });

export type ObjectiveSpec = z.infer<typeof objectiveSchema>;
export type PolicySpec = z.infer<typeof policySpecSchema>;
export type NetworkSpec = z.infer<typeof networkSchema>;
