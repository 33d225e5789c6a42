import { z } from 'zod';
import { textSchema } from './condition.ts';
import { objectiveSchema } from './objective.ts';

/** The U-Net of pictures. */
const pictureNetworkSchema = z.strictObject({
  /** Pixels a side that are one place of the finest grid. */
  patch: z.int().min(1).max(16),
  /** Channels of each level; places halve along each axis from level to level. */
  channels: z.array(z.int().min(8).max(1024)).min(1).max(5),
  /** Channel groups normalised together. */
  groups: z.int().min(1).max(32),
  /** Size of the step embedding. */
  embedding: z.int().min(16).max(512),
  /** Places look at one another in grids of at most so many a side. */
  attentionSide: z.int().min(0).max(64),
  /**
   * Whether a flow's network names the clean picture, of which the velocity to it is made, or that
   * velocity itself. @default 'velocity'
   */
  estimates: z.enum(['velocity', 'data']).optional(),
});

/** How captions are read. */
const captionSchema = z.strictObject({
  /** Size of a word's vector, and of cross-attention's queries, keys and values. */
  width: z.int().min(8).max(512),
  heads: z.int().min(1).max(16),
  /** Layers of self-attention over the words after their encoder. */
  fusion: z.int().min(0).max(8),
  text: textSchema,
});

/** What draws pictures from captions, apart from its weights and the pictures it has seen. */
export const pictureSpecSchema = z
  .strictObject({
    /** Pixels a side. */
    size: z.int().min(8).max(128),
    objective: objectiveSchema,
    network: pictureNetworkSchema,
    caption: captionSchema,
  })
  .superRefine(({ size, objective, network, caption }, context) => {
    const { patch, channels, groups, attentionSide, estimates } = network;
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (estimates !== undefined && objective.kind !== 'flow') {
      refuse(['network', 'estimates'], `expected none for ${objective.kind}, got ${estimates}`);
    }
    const factor = patch * 2 ** (channels.length - 1);
    if (size % factor !== 0) {
      refuse(
        ['size'],
        `expected a multiple of ${factor}, the pixels of a place at the bottom, got ${size}`,
      );
    }
    if (channels.some((width) => width % groups !== 0)) {
      refuse(['network', 'groups'], `expected a divisor of every level's channels, got ${groups}`);
    }
    const looking = channels.filter((_, level) => size / patch / 2 ** level <= attentionSide);
    for (const width of [caption.width, ...looking]) {
      if (width % caption.heads === 0) continue;
      refuse(['caption', 'heads'], `expected a divisor of ${width}, got ${caption.heads}`);
    }
  });

export type PictureSpec = z.infer<typeof pictureSpecSchema>;
