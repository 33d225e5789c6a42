import { z } from 'zod';
import { recordOf } from '../config/record.ts';
import {
  FEATURES,
  type FeatureKind,
  type LeRobotConfig,
  modesOf,
  modesSchema,
  type NormalizationByKind,
} from './config.ts';
import { ASK_A_SERVER, LeRobotError, refuse } from './error.ts';
import { readJson } from './json.ts';
import { type Affine, normalizationOf, type Statistics, sideBySide } from './normalization.ts';
import { decodeTensors, type TensorEntry } from './tensors.ts';

/** What comes before and after the network. */
export interface Normalizing {
  /** Of an observation, [Do] */
  readonly observation: Affine;
  /** Of an action, [Da] */
  readonly action: Affine;
}

/**
 * A file of the checkpoint's.
 *
 * @param most bytes that are believed
 * @returns    null where there is none of that name
 */
export type FileReader = (name: string, most: number) => Promise<Uint8Array | null>;

const PREPROCESSOR_FILE = 'policy_preprocessor.json';
const POSTPROCESSOR_FILE = 'policy_postprocessor.json';
/** Of a list of steps, and of the statistics that one keeps of a dataset's features. */
const MOST_STEPS_BYTES = 256 * 1024;
const MOST_STATISTICS_BYTES = 4 * 2 ** 20;

const SAVED = "take the directory that LeRobot's save_pretrained wrote, with its processors";

const normalizerSchema = z.looseObject({
  eps: z.number().gt(0).lt(1).default(1e-8),
  norm_map: modesSchema,
  normalize_observation_keys: z.null().optional(),
});

const pipelineSchema = z.looseObject({
  steps: z
    .array(
      z.looseObject({
        registry_name: z.string().max(128).optional(),
        class: z.string().max(256).optional(),
        config: recordOf(z.string(), z.unknown()).default({}),
        // A name in the same directory, and nothing else.
        state_file: z
          .string()
          .regex(/^\w[\w.-]{0,160}$/)
          .optional(),
      }),
    )
    .max(32),
});
type Step = z.infer<typeof pipelineSchema>['steps'][number];

/**
 * What a checkpoint of version 0.4 and later does around its network.
 *
 * @returns null for an older one, which keeps that with its weights
 * @throws LeRobotError for steps that change more than the size of numbers
 */
export async function readProcessors(
  read: FileReader,
  config: LeRobotConfig,
): Promise<Normalizing | null> {
  const before = await read(PREPROCESSOR_FILE, MOST_STEPS_BYTES);
  if (!before) return null;
  const after = await read(POSTPROCESSOR_FILE, MOST_STEPS_BYTES);
  if (!after) return refuse(POSTPROCESSOR_FILE, 'it beside the others', 'nothing', SAVED);
  const inputs = await readNormalizer(read, PREPROCESSOR_FILE, before, 'normalizer_processor');
  const outputs = await readNormalizer(read, POSTPROCESSOR_FILE, after, 'unnormalizer_processor');
  return {
    observation: observationOf(config, inputs.modes, inputs),
    action: actionOf(config, outputs.modes, outputs),
  };
}

/** Statistics by feature, and what is said of them. */
interface Known {
  readonly statistics: (kind: FeatureKind) => Statistics;
  readonly epsilon: number;
  readonly from: string;
}

/** The same of a checkpoint whose statistics lie with its weights, under these names. */
export function oldNormalizing(
  config: LeRobotConfig,
  tensors: ReadonlyMap<string, TensorEntry>,
  from: string,
): Normalizing {
  const known = (prefix: string): Known => ({
    statistics: (kind) => statisticsIn(tensors, `${prefix}.buffer_${underscored(kind)}.`),
    epsilon: 1e-8,
    from,
  });
  return {
    observation: observationOf(config, config.normalizations, known('normalize_inputs')),
    action: actionOf(config, config.normalizations, known('unnormalize_outputs')),
  };
}

const underscored = (kind: FeatureKind) => FEATURES[kind].replaceAll('.', '_');

/** Whether a tensor among the weights is one of those statistics. */
export function isOldStatistic(name: string): boolean {
  return /^(normalize_inputs|normalize_targets|unnormalize_outputs)\.buffer_/.test(name);
}

function observationOf(
  { stateDim, environmentDim }: LeRobotConfig,
  modes: NormalizationByKind,
  known: Known,
): Affine {
  const of = (kind: FeatureKind, size: number) =>
    normalizationOf(modes[kind], size > 0 ? known.statistics(kind) : new Map(), size, {
      ...known,
      from: `${known.from}, ${FEATURES[kind]}`,
    }).normalizing;
  return sideBySide(of('STATE', stateDim), of('ENV', environmentDim));
}

function actionOf({ network }: LeRobotConfig, modes: NormalizationByKind, known: Known): Affine {
  return normalizationOf(modes.ACTION, known.statistics('ACTION'), network.actionDim, {
    ...known,
    from: `${known.from}, ${FEATURES.ACTION}`,
  }).denormalizing;
}

/** What a list of steps does to numbers: the one step among them that changes their size. */
async function readNormalizer(
  read: FileReader,
  file: string,
  bytes: Uint8Array,
  name: 'normalizer_processor' | 'unnormalizer_processor',
): Promise<Known & { readonly modes: NormalizationByKind }> {
  const { steps } = readJson(file, bytes, pipelineSchema, SAVED);
  const normalizers = steps.filter((step) => !isIdle(file, step, name));
  if (normalizers.length !== 1) {
    refuse(file, `one step ${name}`, String(normalizers.length), ASK_A_SERVER);
  }
  const [{ config, state_file: stateFile }] = normalizers;
  const { eps, norm_map } = readJson(
    `${file}, ${name}`,
    new TextEncoder().encode(JSON.stringify(config)),
    normalizerSchema,
    ASK_A_SERVER,
  );
  const tensors =
    stateFile === undefined
      ? new Map<string, TensorEntry>()
      : await readStatistics(read, stateFile);
  const from = stateFile ?? file;
  return {
    modes: modesOf(norm_map),
    statistics: (kind) => statisticsIn(tensors, `${FEATURES[kind]}.`),
    epsilon: eps,
    from,
  };
}

async function readStatistics(read: FileReader, file: string) {
  const bytes = await read(file, MOST_STATISTICS_BYTES);
  if (!bytes) return refuse(file, 'it beside the others', 'nothing', SAVED);
  return decodeTensors(file, bytes);
}

/** Steps that have nothing to do here, as there are no names to change and no devices. */
function isIdle(file: string, step: Step, normalizer: string): boolean {
  const { registry_name: registered, class: named, config } = step;
  const name = registered ?? named ?? 'a step without a name';
  switch (name) {
    case normalizer:
      return false;
    case 'to_batch_processor':
      return true;
    case 'device_processor':
      if ([null, undefined, 'float32'].includes(config.float_dtype as string | null)) return true;
      return refuse(file, 'numbers as float32', `${config.float_dtype}`, ASK_A_SERVER);
    case 'rename_observations_processor':
      if (Object.keys(config.rename_map ?? {}).length === 0) return true;
      return refuse(file, 'no names to be changed', JSON.stringify(config), ASK_A_SERVER);
    default:
      throw new LeRobotError(
        `${file}: expected steps of a diffusion policy as LeRobot makes it, got "${name}"; ${ASK_A_SERVER}`,
      );
  }
}

/** Those whose names begin so, by what comes after. */
function statisticsIn(tensors: ReadonlyMap<string, TensorEntry>, prefix: string): Statistics {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { data }]) => [name.slice(prefix.length), data]),
  );
}
