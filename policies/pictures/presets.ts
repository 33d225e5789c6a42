import { SpecError } from '../config/error.ts';
import type { PictureSpec } from '../config/picture.ts';
import type { TrainingSpec } from '../config/training.ts';
import { findMethod, type MethodName } from '../methods/index.ts';
import type { Prediction } from '../paths.ts';

/** Methods that draw pictures. The others learn in ways of their own, which pictures do not have yet. */
export const PAINTING_METHODS = [
  'diffusion',
  'flow',
  'l2',
] as const satisfies readonly MethodName[];
export type PaintingMethod = (typeof PAINTING_METHODS)[number];

/** Sizes of pictures, pixels a side, with the patch that makes the finest grid 16 × 16. */
const PATCHES: Readonly<Record<number, number>> = { 16: 1, 32: 2, 64: 4 };

/** K: the lesson's thousand steps of noising. */
const DIFFUSION_STEPS = 1000;

/** What is learnt, but for the seed and the number of steps. */
export const PICTURE_TRAINING: Omit<TrainingSpec, 'seed' | 'steps'> = {
  batch: 64,
  learningRate: 1e-3,
  warmupSteps: 200,
  weightDecay: 1e-6,
  clipNorm: 1,
  emaDecay: 0.999,
};

export interface PictureChoice {
  readonly method: PaintingMethod;
  /** Pixels a side. */
  readonly size: number;
  /** Pixels a side of a place. @default such that the finest grid is 16 × 16 */
  readonly patch?: number | undefined;
  /** Channels of each level. @default [32, 64, 128] */
  readonly channels?: readonly number[] | undefined;
  /** What a diffusion answers. @default v */
  readonly prediction?: Prediction | undefined;
  /** Words of captions, and how many a caption has at most. */
  readonly vocabulary: readonly string[];
  readonly words: number;
}

/** @throws SpecError for a size without a patch of its own, and for a prediction of other methods */
export function pictureSpec({
  method,
  size,
  patch = PATCHES[size],
  channels = [32, 64, 128],
  prediction,
  vocabulary,
  words,
}: PictureChoice): PictureSpec {
  if (patch === undefined) {
    throw new SpecError(`size: expected 16, 32 or 64 pixels a side, got ${size}; or say the patch`);
  }
  const { objective, title } = findMethod(method);
  if (prediction !== undefined && objective.kind !== 'diffusion') {
    throw new SpecError(
      `prediction: only diffusion has a choice, got ${prediction} for ${title}; leave it out`,
    );
  }
  return {
    size,
    objective:
      objective.kind === 'diffusion'
        ? { ...objective, steps: DIFFUSION_STEPS, ...(prediction && { prediction }) }
        : objective,
    network: { patch, channels: [...channels], groups: 8, embedding: 64, attentionSide: 8 },
    caption: {
      width: 64,
      heads: 4,
      fusion: 0,
      text: {
        encoder: 'learned',
        vocabulary: [...vocabulary],
        // One more for the token that every caption begins with.
        tokens: words + 1,
        layers: 1,
        dropRate: 0.1,
      },
    },
  };
}
