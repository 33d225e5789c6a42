import { z } from 'zod';

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

export type NetworkSpec = z.infer<typeof networkSchema>;
