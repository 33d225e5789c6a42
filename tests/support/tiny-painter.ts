import type { ObjectiveSpec } from '../../policies/config/index.ts';
import { type PictureSpec, pictureSpecSchema } from '../../policies/config/picture.ts';

/** Pictures of 8 × 8 by a network that learns two colours in seconds. */
export function tinyPainter(
  objective: ObjectiveSpec,
  network: Partial<PictureSpec['network']> = {},
): PictureSpec {
  return pictureSpecSchema.parse({
    size: 8,
    objective,
    network: {
      patch: 2,
      channels: [8, 16],
      // Of whole pictures of one colour a group keeps no more than how its channels differ.
      groups: 1,
      embedding: 16,
      attentionSide: 2,
      ...network,
    },
    caption: {
      width: 16,
      heads: 2,
      fusion: 0,
      text: {
        encoder: 'learned',
        vocabulary: ['blue', 'red'],
        tokens: 3,
        layers: 1,
        dropRate: 0.1,
      },
    },
  });
}
