import { z } from 'zod';
import { recordOf } from '../config/record.ts';
import { ASK_A_SERVER, refuse } from './error.ts';
import { readJson } from './json.ts';

export const CONFIG_FILE = 'config.json';

/** How LeRobot brings numbers to a common size. */
export const NORMALIZATIONS = [
  'IDENTITY',
  'MIN_MAX',
  'MEAN_STD',
  'QUANTILES',
  'QUANTILE10',
] as const;
export type Normalization = (typeof NORMALIZATIONS)[number];

/** Kinds of features that are normalised alike. */
export const FEATURE_KINDS = ['STATE', 'ENV', 'ACTION'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];
export type NormalizationByKind = Readonly<Record<FeatureKind, Normalization>>;

const BETA_SCHEDULES = ['squaredcos_cap_v2', 'linear', 'scaled_linear', 'sigmoid'] as const;

/** A smaller β would leave nothing of its noise in f32. */
const LEAST_BETA = 1e-6;

const featureSchema = z.looseObject({
  type: z.string().max(64),
  shape: z.array(z.int().min(1).max(4096)).max(4),
});
const featuresSchema = recordOf(z.string().max(256), featureSchema);
type Features = z.infer<typeof featuresSchema>;

/** Left out where a mapping does not say. */
export const modesSchema = recordOf(z.string().max(64), z.enum(NORMALIZATIONS));

const kindSchema = z.looseObject({ type: z.string().max(64) });

/** What decides how it acts; what it was trained with is left unread. */
const configSchema = z.looseObject({
  /** To */
  n_obs_steps: z.int().min(1).max(8),
  /** From the first of the To observations on. */
  horizon: z.int().min(2).max(256),
  input_features: featuresSchema,
  output_features: featuresSchema,
  normalization_mapping: modesSchema,
  down_dims: z.array(z.int().min(1).max(4096)).min(1).max(6),
  kernel_size: z
    .int()
    .min(1)
    .max(31)
    .refine((taps) => taps % 2 === 1, 'expected an odd number'),
  n_groups: z.int().min(1).max(4096),
  diffusion_step_embed_dim: z
    .int()
    .min(4)
    .max(4096)
    .refine((size) => size % 2 === 0, 'expected an even number'),
  use_film_scale_modulation: z.boolean(),
  noise_scheduler_type: z.enum(['DDPM', 'DDIM']),
  num_train_timesteps: z.int().min(1).max(1000),
  beta_schedule: z.enum(BETA_SCHEDULES),
  beta_start: z.number().gte(LEAST_BETA).lt(1),
  beta_end: z.number().gte(LEAST_BETA).lt(1),
  prediction_type: z.enum(['epsilon', 'sample']),
  clip_sample: z.boolean(),
  clip_sample_range: z.number().gt(0).max(1e6),
  num_inference_steps: z.int().min(1).max(1000).nullish(),
});

/** How noise is put on and taken off, as the library diffusers does it. */
export interface NoiseScheduler {
  readonly kind: 'DDPM' | 'DDIM';
  /** K, diffusion steps in training. */
  readonly trainSteps: number;
  /** Network evaluations a chunk, at most K. */
  readonly steps: number;
  readonly betaSchedule: (typeof BETA_SCHEDULES)[number];
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly prediction: 'epsilon' | 'sample';
  /** Largest magnitude of an estimate of the clean chunk; null for none. */
  readonly clip: number | null;
}

export interface LeRobotUNetConfig {
  /** Components of an action, Da. */
  readonly actionDim: number;
  /** Size of the flattened observation, To·Do. */
  readonly observationDim: number;
  readonly channels: readonly number[];
  readonly kernel: number;
  readonly groups: number;
  readonly embedding: number;
  /** Conditions scale channels, besides shifting them. */
  readonly scales: boolean;
}

/** What of a `config.json` decides how its policy acts. */
export interface LeRobotConfig {
  /** To */
  readonly obsHorizon: number;
  /** Rows that are drawn, the first To − 1 of which lie in the past. */
  readonly horizon: number;
  /** Components of `observation.state` and, 0 where there is none, of `observation.environment_state`. */
  readonly stateDim: number;
  readonly environmentDim: number;
  readonly network: LeRobotUNetConfig;
  readonly noise: NoiseScheduler;
  readonly normalizations: NormalizationByKind;
}

export const FEATURES = {
  STATE: 'observation.state',
  ENV: 'observation.environment_state',
  ACTION: 'action',
} as const satisfies Record<FeatureKind, string>;

/** Groups of the last normalisation, which no setting changes. */
export const LAST_GROUPS = 8;

const SAVED = "take the directory that LeRobot's save_pretrained wrote, pretrained_model";

/** @throws LeRobotError for what is no diffusion policy that acts from numbers alone */
export function readConfig(bytes: Uint8Array): LeRobotConfig {
  const { type } = readJson(CONFIG_FILE, bytes, kindSchema, SAVED);
  if (type !== 'diffusion') {
    refuse(`${CONFIG_FILE}, type`, 'diffusion', `"${type}"`, ASK_A_SERVER);
  }
  const config = readJson(CONFIG_FILE, bytes, configSchema, SAVED);
  const { n_obs_steps: obsHorizon, horizon, down_dims: channels, n_groups: groups } = config;
  const sizes = sizesOf(config.input_features, config.output_features);
  const halvings = 2 ** channels.length;
  if (horizon % halvings !== 0) {
    const expected = `a multiple of ${halvings}, as ${channels.length} levels need`;
    refuse(`${CONFIG_FILE}, horizon`, expected, String(horizon), SAVED);
  }
  if (horizon < obsHorizon) {
    refuse(`${CONFIG_FILE}, horizon`, `at least n_obs_steps, ${obsHorizon}`, `${horizon}`, SAVED);
  }
  const odd = channels.find((width) => width % groups !== 0);
  if (odd !== undefined || channels[0] % LAST_GROUPS !== 0) {
    const expected = `multiples of n_groups, ${groups}, the first of ${LAST_GROUPS} too`;
    refuse(`${CONFIG_FILE}, down_dims`, expected, `[${channels.join(', ')}]`, SAVED);
  }
  const trainSteps = config.num_train_timesteps;
  const steps = config.num_inference_steps ?? trainSteps;
  if (steps > trainSteps) {
    const expected = `at most num_train_timesteps, ${trainSteps}`;
    refuse(`${CONFIG_FILE}, num_inference_steps`, expected, String(steps), 'take fewer');
  }
  const betaSchedule = config.beta_schedule;
  if (config.noise_scheduler_type === 'DDIM' && betaSchedule === 'sigmoid') {
    refuse(`${CONFIG_FILE}, beta_schedule`, 'one that DDIM has', betaSchedule, 'take DDPM');
  }
  return {
    obsHorizon,
    horizon,
    stateDim: sizes.state,
    environmentDim: sizes.environment,
    network: {
      actionDim: sizes.action,
      observationDim: obsHorizon * (sizes.state + sizes.environment),
      channels,
      kernel: config.kernel_size,
      groups,
      embedding: config.diffusion_step_embed_dim,
      scales: config.use_film_scale_modulation,
    },
    noise: {
      kind: config.noise_scheduler_type,
      trainSteps,
      steps,
      betaSchedule,
      betaStart: config.beta_start,
      betaEnd: config.beta_end,
      prediction: config.prediction_type,
      clip: config.clip_sample ? config.clip_sample_range : null,
    },
    normalizations: modesOf(config.normalization_mapping),
  };
}

/** What a mapping says of each kind of feature; what it leaves out stays as it is. */
export function modesOf(mapping: z.infer<typeof modesSchema>): NormalizationByKind {
  const { STATE = 'IDENTITY', ENV = 'IDENTITY', ACTION = 'IDENTITY' } = mapping;
  return { STATE, ENV, ACTION };
}

/** @throws LeRobotError unless it sees state and environment as numbers, and answers with actions */
function sizesOf(inputs: Features, outputs: Features) {
  for (const [name, { type }] of Object.entries(inputs)) {
    if (type === 'VISUAL') {
      const expected = 'a policy that acts from numbers alone';
      refuse(`${CONFIG_FILE}, input_features`, expected, `the picture "${name}"`, ASK_A_SERVER);
    }
    if (name === FEATURES.STATE && type === 'STATE') continue;
    if (name === FEATURES.ENV && type === 'ENV') continue;
    const expected = `${FEATURES.STATE} and ${FEATURES.ENV}`;
    refuse(`${CONFIG_FILE}, input_features`, expected, `"${name}" (${type})`, ASK_A_SERVER);
  }
  const others = Object.keys(outputs).filter((name) => name !== FEATURES.ACTION);
  if (others.length > 0) {
    const got = `"${others.join('", "')}"`;
    refuse(`${CONFIG_FILE}, output_features`, FEATURES.ACTION, got, ASK_A_SERVER);
  }
  return {
    state: sizeOf(inputs, FEATURES.STATE),
    environment: FEATURES.ENV in inputs ? sizeOf(inputs, FEATURES.ENV) : 0,
    action: sizeOf(outputs, FEATURES.ACTION),
  };
}

function sizeOf(features: Features, name: string): number {
  const shape = features[name]?.shape;
  if (shape?.length === 1) return shape[0];
  const got = shape ? `the shape [${shape.join(', ')}]` : 'none';
  return refuse(CONFIG_FILE, `"${name}" as a list of numbers`, got, ASK_A_SERVER);
}
