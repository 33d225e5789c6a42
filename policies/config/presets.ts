import { findMethod, type Method, type MethodName } from '../methods/index.ts';
import type { ConditionSpec, ImageSpec, PretrainedText, TextSpec } from './condition.ts';
import { SpecError } from './error.ts';
import type { NetworkSpec } from './network.ts';
import type { ObjectiveSpec } from './objective.ts';
import type { PolicySpec } from './policy.ts';
import type { TrainingSpec } from './training.ts';

export const PRESET_NAMES = ['quick', 'standard', 'camera', 'lesson', 'paper'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** A learned text encoder and the attention over it, but for the words. */
interface Reading {
  readonly width: number;
  readonly heads: number;
  readonly fusion: number;
  readonly layers: number;
  /** Of the longest instruction. */
  readonly tokens: number;
  readonly dropRate: number;
}

interface Preset {
  readonly summary: string;
  readonly obsHorizon: number;
  readonly predHorizon: number;
  readonly network: NetworkSpec;
  /** What its diffusion policy answers. @default v */
  readonly prediction?: 'epsilon';
  /** How policies of tasks with a language read. */
  readonly reading: Reading;
  /** Where they look instead of being told where objects are. */
  readonly image?: ImageSpec;
  /** The control rate it is made for, where it is for one only, Hz. */
  readonly controlHz?: PolicySpec['controlHz'];
  /**
   * Of the policy `lstm`: about as long a training step as the other network's. Absent where all
   * policies read, which an LSTM cannot.
   */
  readonly lstm?: NetworkSpec;
  readonly training: Omit<TrainingSpec, 'seed'>;
}

/** The small U-Net, its words, and its camera: what the presets that fit two cores have in common. */
const SMALL = {
  network: { kind: 'unet', channels: [32, 64], kernel: 5, groups: 8, embedding: 64 },
  reading: { width: 32, heads: 4, fusion: 2, layers: 1, tokens: 16, dropRate: 0.1 },
} as const satisfies Partial<Preset>;
const SMALL_WITH_CAMERA = {
  ...SMALL,
  image: { size: 64, channels: 16, points: 16 },
} as const satisfies Partial<Preset>;

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  quick: {
    summary: 'trains in minutes on two cores',
    obsHorizon: 2,
    predHorizon: 32,
    ...SMALL,
    lstm: { kind: 'lstm', hidden: 192, embedding: 64 },
    training: {
      steps: 10_000,
      batch: 64,
      learningRate: 1e-3,
      warmupSteps: 200,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.995,
    },
  },
  standard: {
    summary: 'ten times the parameters; hours on two cores',
    obsHorizon: 2,
    predHorizon: 32,
    network: { kind: 'unet', channels: [64, 128, 256], kernel: 5, groups: 8, embedding: 128 },
    reading: { width: 128, heads: 4, fusion: 2, layers: 2, tokens: 24, dropRate: 0.1 },
    lstm: { kind: 'lstm', hidden: 400, embedding: 128 },
    training: {
      steps: 30_000,
      batch: 256,
      learningRate: 3e-4,
      warmupSteps: 500,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.999,
    },
  },
  camera: {
    summary: 'acts from picture, joint positions and words alone, 20 Hz',
    obsHorizon: 2,
    predHorizon: 32,
    ...SMALL_WITH_CAMERA,
    training: {
      steps: 24_000,
      batch: 64,
      learningRate: 1e-3,
      warmupSteps: 200,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.995,
    },
  },
  lesson: {
    summary: 'the robot case: picture and words, 50 Hz, chunks of 2 s; hours on two cores',
    controlHz: 50,
    obsHorizon: 2,
    predHorizon: 100,
    ...SMALL_WITH_CAMERA,
    training: {
      steps: 24_000,
      batch: 64,
      learningRate: 5e-4,
      warmupSteps: 200,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.995,
    },
  },
  paper: {
    // Chi et al. 2023, arXiv:2303.04137: its public code's train_diffusion_unet_lowdim_workspace,
    // which carries out 8 actions of a plan and does not clip gradients.
    summary: "Diffusion Policy's published state configuration, 65 M parameters; for a GPU",
    obsHorizon: 2,
    predHorizon: 16,
    network: { kind: 'unet', channels: [256, 512, 1024], kernel: 5, groups: 8, embedding: 256 },
    prediction: 'epsilon',
    reading: { width: 256, heads: 8, fusion: 2, layers: 2, tokens: 24, dropRate: 0.1 },
    lstm: { kind: 'lstm', hidden: 1024, embedding: 256 },
    training: {
      // 5,000 epochs of 200 demonstrations of about 100 steps.
      steps: 400_000,
      batch: 256,
      learningRate: 1e-4,
      warmupSteps: 500,
      weightDecay: 1e-6,
      clipNorm: 1e6,
      emaDecay: 0.9999,
    },
  },
};

/** What a policy of a task with a language is made for. */
export interface Readable {
  readonly vocabulary: string[];
  /** As in the condition; the first is all that a policy with a camera is given. */
  readonly observed: ConditionSpec['observed'];
  /** What it reads with instead of learning the words. */
  readonly encoder?: Omit<PretrainedText, 'encoder' | 'tokens' | 'dropRate'> | undefined;
}

/**
 * The policy a preset makes of a name, for a task and control rate.
 *
 * @param readable words and things of the task, where it has a language
 * @throws SpecError where the preset is not for such a task or rate
 */
export function presetPolicy(
  preset: PresetName,
  name: MethodName,
  {
    task,
    controlHz,
    readable,
  }: Pick<PolicySpec, 'task' | 'controlHz'> & { readable?: Readable | undefined },
): PolicySpec {
  const {
    obsHorizon,
    predHorizon,
    prediction,
    reading,
    image,
    controlHz: only,
    ...nets
  } = PRESETS[preset];
  if (only !== undefined && only !== controlHz) {
    throw new SpecError(
      `preset ${preset}: expected demonstrations at ${only} Hz, got ${controlHz} Hz; generate them ` +
        `with --control-hz ${only}, or take another preset`,
    );
  }
  if (image && !readable) {
    throw new SpecError(
      `preset ${preset}: expected a task with a language, got ${task}; its policies act from ` +
        'picture and words',
    );
  }
  const method = findMethod(name);
  const network = nets[NETWORK[method.network]];
  const unreading = 'unable' in method.reading ? method.reading.unable : undefined;
  if (!network || (readable && unreading !== undefined)) {
    throw new SpecError(
      `policy ${name}: expected a task without a language, got ${task}: ${unreading}; ` +
        'take another policy',
    );
  }
  return {
    task,
    controlHz,
    objective: objectiveOf(method, prediction, readable),
    obsHorizon,
    predHorizon,
    network,
    ...(readable && { condition: conditionOf(reading, readable, image) }),
  };
}

/** Which of a preset's networks a method takes. */
const NETWORK = { unet: 'network', lstm: 'lstm' } as const satisfies Readonly<
  Record<NetworkSpec['kind'], keyof Preset>
>;

function objectiveOf(
  { objective: usual, reading }: Method,
  prediction: Preset['prediction'],
  readable: Readable | undefined,
): ObjectiveSpec {
  const objective = readable && !('unable' in reading) ? reading : usual;
  return prediction && objective.kind === 'diffusion' ? { ...objective, prediction } : objective;
}

function conditionOf(
  { width, heads, fusion, ...text }: Reading,
  { vocabulary, observed, encoder }: Readable,
  image: ImageSpec | undefined,
): ConditionSpec {
  return {
    ...{ width, heads, fusion },
    text: encoder ? pretrainedText(encoder, text) : { encoder: 'learned', vocabulary, ...text },
    observed: image ? observed.slice(0, 1) : observed,
    ...(image && { image }),
  };
}

/** Tokens that there is room for, by those of one that learns: of words in pieces and of punctuation. */
const PIECES = 1.5;

/** How texts are read by an encoder from outside, which has no layers to be learnt. */
export function pretrainedText(
  encoder: NonNullable<Readable['encoder']>,
  { tokens, dropRate }: Pick<Reading, 'tokens' | 'dropRate'>,
): TextSpec {
  const { name, model, tokenizer, features } = encoder;
  const room = Math.ceil(PIECES * tokens);
  return { encoder: 'pretrained', name, model, tokenizer, tokens: room, features, dropRate };
}

/**
 * Ta where none is asked for: 1 s of each plan, at most the whole plan. Long enough that a plan
 * between the modes is carried out; replanning sooner lets a regression escape its own average.
 */
export function defaultActionHorizon({
  controlHz,
  predHorizon,
}: Pick<PolicySpec, 'controlHz' | 'predHorizon'>): number {
  return Math.min(predHorizon, controlHz);
}
