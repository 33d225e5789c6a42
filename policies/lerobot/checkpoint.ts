import { z } from 'zod';
import { MOST_HEADER_BYTES } from '../checkpoint/safetensors.ts';
import type { Network } from '../networks/network.ts';
import { CONFIG_FILE, type LeRobotConfig, readConfig } from './config.ts';
import { refuse } from './error.ts';
import { readJson } from './json.ts';
import {
  type FileReader,
  isOldStatistic,
  type Normalizing,
  oldNormalizing,
  readProcessors,
} from './processors.ts';
import { decodeTensors, packWeights } from './tensors.ts';
import { createLeRobotUNet } from './unet.ts';

/** A diffusion policy that LeRobot trained, as its `save_pretrained` wrote it. */
export interface LeRobotCheckpoint {
  readonly config: LeRobotConfig;
  readonly network: Network;
  /** Flat, as the network's table packs them. */
  readonly weights: Float32Array;
  readonly normalizing: Normalizing;
  readonly acts: Acting;
}

const MODEL_FILE = 'model.safetensors';
/** What a person may add, as LeRobot keeps neither. */
const ACTING_FILE = 'forking-paths.json';

const actingSchema = z.strictObject({
  /** In which it acts. @default the first whose environment has as many numbers */
  task: z.string().max(64).optional(),
  /** Hz. @default 20 */
  control_hz: z.union([z.literal(20), z.literal(50)]).optional(),
});
/** In what a policy acts, where somebody says so. */
export type Acting = z.infer<typeof actingSchema>;

const MOST_JSON_BYTES = 256 * 1024;
/** Parameters of the largest network that is opened: LeRobot's default has a quarter of a billion. */
const MOST_PARAMETERS = 300_000_000;
/** What statistics an older file keeps with its weights, bytes. */
const MOST_OLD_STATISTICS = 1024 * 1024;

/**
 * Reads a checkpoint.
 *
 * @param read asked for each file by name, and told how many bytes it may have
 * @throws LeRobotError for what is none, or one that cannot act here
 */
export async function readLeRobot(read: FileReader): Promise<LeRobotCheckpoint> {
  const cure = "name the directory that LeRobot's save_pretrained wrote, pretrained_model";
  const settings = await read(CONFIG_FILE, MOST_JSON_BYTES);
  if (!settings) return refuse(CONFIG_FILE, 'it in the directory', 'nothing', cure);
  const config = readConfig(settings);
  const network = createLeRobotUNet(config.network);
  const { size } = network.table;
  if (size > MOST_PARAMETERS) {
    refuse(CONFIG_FILE, `at most ${MOST_PARAMETERS} parameters`, `${size}`, 'take fewer channels');
  }
  const normalizing = await readProcessors(read, config);
  const most = 4 * size + MOST_HEADER_BYTES + MOST_OLD_STATISTICS;
  const model = await read(MODEL_FILE, most);
  if (!model) return refuse(MODEL_FILE, 'it beside the settings', 'nothing', cure);
  const tensors = decodeTensors(MODEL_FILE, model);
  const isOther = (name: string) => normalizing === null && isOldStatistic(name);
  const weights = packWeights(MODEL_FILE, network.table, tensors, isOther);
  const acts = await read(ACTING_FILE, MOST_JSON_BYTES);
  return {
    config,
    network,
    weights,
    normalizing: normalizing ?? oldNormalizing(config, tensors, MODEL_FILE),
    acts: acts ? readJson(ACTING_FILE, acts, actingSchema, 'see docs/lerobot.md') : {},
  };
}
