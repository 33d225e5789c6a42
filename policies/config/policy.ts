import { z } from 'zod';
import { answersOnce } from './choose-sampler.ts';
import { conditionSchema } from './condition.ts';
import { NAME_EXPECTED, NAME_PATTERN } from './names.ts';
import { networkSchema } from './network.ts';
import { objectiveSchema } from './objective.ts';

/** A name by `NAME_PATTERN`. */
export const nameSchema = z.string().regex(new RegExp(`^${NAME_PATTERN}$`), NAME_EXPECTED);

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
      if (answersOnce(objective)) return;
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

export type PolicySpec = z.infer<typeof policySpecSchema>;
