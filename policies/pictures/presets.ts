import type { PretrainedText } from '../config/condition.ts';
import { SpecError } from '../config/error.ts';
import type { FlowTime } from '../config/objective.ts';
import type { PictureSpec } from '../config/picture.ts';
import { PREDICTIONS } from '../config/predictions.ts';
import { pretrainedText } from '../config/presets.ts';
import type { TrainingSpec } from '../config/training.ts';
import { findMethod, type MethodName } from '../methods/index.ts';
import { COLOURS } from '../pixels.ts';

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

/** What a network of pictures may be asked to answer. */
export const PICTURE_PREDICTIONS = [...PREDICTIONS, 'velocity'] as const;
export type PicturePrediction = (typeof PICTURE_PREDICTIONS)[number];

/** Densities of τ that a flow of pictures may be trained with. */
export const PICTURE_TIMES = [
  'uniform',
  'beta',
  'logit-normal',
] as const satisfies readonly FlowTime[];
export type PictureTime = (typeof PICTURE_TIMES)[number];

export interface PictureChoice {
  readonly method: PaintingMethod;
  /** Pixels a side. */
  readonly size: number;
  /** Pixels a side of a place. @default such that the finest grid is 16 × 16 */
  readonly patch?: number | undefined;
  /** Channels of each level. @default [32, 64, 128] */
  readonly channels?: readonly number[] | undefined;
  /**
   * What is answered: ε, v or the data of a diffusion, velocity or data of a flow.
   *
   * @default v of a diffusion; of a flow the velocity, or the data where a patch has more numbers than the
   * finest level has channels
   */
  readonly prediction?: PicturePrediction | undefined;
  /** How τ of a flow is drawn in training. @default uniform */
  readonly time?: PictureTime | undefined;
  /** Words of captions, and how many a caption has at most. */
  readonly vocabulary: readonly string[];
  readonly words: number;
  /** What it reads with instead of learning the words. */
  readonly encoder?: Omit<PretrainedText, 'encoder' | 'tokens' | 'dropRate'> | undefined;
}

/** @throws SpecError for a size without a patch of its own, and for a prediction or time of other methods */
export function pictureSpec({
  method,
  size,
  patch = PATCHES[size],
  channels = [32, 64, 128],
  prediction,
  time,
  vocabulary,
  words,
  encoder,
}: PictureChoice): PictureSpec {
  if (patch === undefined) {
    throw new SpecError(`size: expected 16, 32 or 64 pixels a side, got ${size}; or say the patch`);
  }
  // One more for the token that every caption begins with.
  const [tokens, dropRate] = [words + 1, 0.1];
  return {
    size,
    ...answered(
      { method, prediction, time },
      {
        patch,
        channels: [...channels],
        groups: groupsOf(channels),
        embedding: 64,
        attentionSide: 8,
      },
    ),
    caption: {
      width: 64,
      heads: 4,
      fusion: 0,
      text: encoder
        ? pretrainedText(encoder, { tokens, dropRate })
        : { encoder: 'learned', vocabulary: [...vocabulary], tokens, layers: 1, dropRate },
    },
  };
}

/** Channels that a group has at least: fewer keep little beside their order of what they are normalised from. */
const LEAST_OF_GROUP = 4;

/** As many groups as all levels can be divided into. */
function groupsOf(channels: readonly number[]): number {
  const fits = (groups: number) =>
    channels.every((each) => each % groups === 0 && each / groups >= LEAST_OF_GROUP);
  return [8, 4, 2].find(fits) ?? 1;
}

/** Whether the finest level has a channel for each number of a patch, so that a velocity, which holds noise, fits. */
function holdsNoise({ patch, channels }: PictureSpec['network']): boolean {
  return COLOURS * patch * patch <= channels[0];
}

/** What a method's network is asked for, and how it answers. */
function answered(
  { method, prediction, time }: Pick<PictureChoice, 'method' | 'prediction' | 'time'>,
  network: PictureSpec['network'],
): Pick<PictureSpec, 'objective' | 'network'> {
  const { reading: objective, title } = findMethod(method);
  if ('unable' in objective)
    throw new SpecError(`method: ${title} draws none, ${objective.unable}`);
  const refuse = (expected: string): never => {
    throw new SpecError(`prediction: expected ${expected} for ${title}, got ${prediction}`);
  };
  if (time !== undefined && objective.kind !== 'flow') {
    throw new SpecError(
      `time: expected none for ${title}, which draws its times itself, got ${time}`,
    );
  }
  if (objective.kind === 'diffusion') {
    if (prediction === 'velocity') return refuse(PREDICTIONS.join(', '));
    const asked = prediction && { prediction };
    return { objective: { ...objective, steps: DIFFUSION_STEPS, ...asked }, network };
  }
  if (objective.kind === 'flow') {
    const estimates = prediction ?? (holdsNoise(network) ? 'velocity' : 'data');
    if (estimates !== 'velocity' && estimates !== 'data') return refuse('velocity, data');
    return {
      objective: { ...objective, time: time ?? 'uniform' },
      network: { ...network, estimates },
    };
  }
  return prediction === undefined ? { objective, network } : refuse('none');
}
