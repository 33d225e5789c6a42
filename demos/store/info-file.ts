import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import { CONTROL_RATES, type ControlHz, findTask, TASKS, type Task } from '../../sim/index.ts';
import { DatasetError, damaged } from './errors.ts';
import type { Extras } from './extras.ts';
import { FACTS, featuresOf } from './features.ts';
import { instructionsOf } from './instructions.ts';
import { CHUNK_SIZE, DATA_PATH } from './layout.ts';

const CODEBASE_VERSION = 'v3.0';
/** Of what is ours in the files, under the key `forking_paths`. */
const FORMAT = 1;

/** What `meta/info.json` commits. */
export interface Info extends Extras {
  readonly task: Task;
  readonly controlHz: ControlHz;
  readonly episodes: number;
  readonly frames: number;
  /** `datasetHash` of those episodes. */
  readonly hash: string;
  /** `filesHash` of their data files. */
  readonly dataHash: string;
  /** Sha-256 of the file `meta/episodes/…`; null without episodes. */
  readonly episodesHash: string | null;
}

const sha = z.string().regex(/^[0-9a-f]{64}$/);

/** The part from which all other keys follow. */
const infoSchema = z.looseObject({
  codebase_version: z.string(),
  fps: z.literal(CONTROL_RATES),
  total_episodes: z.int().min(0),
  total_frames: z.int().min(0),
  features: z.unknown(),
  forking_paths: z.strictObject({
    format: z.literal(FORMAT),
    task: z.string(),
    camera: z.int().min(1).max(4096).exactOptional(),
    interventions: z.literal(true).exactOptional(),
    hash: sha,
    data_sha256: sha,
    episodes_sha256: sha.nullable(),
  }),
});

export function encodeInfo(info: Info): string {
  return JSON.stringify(toJson(info), null, 4);
}

/**
 * @param path for messages
 * @throws DatasetError 'mismatch' where it is of another format or task, 'damaged' for all else
 *         that `encodeInfo` would not write
 */
export function decodeInfo(path: string, text: string): Info {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged(path, 'JSON', 'other text', error);
  }
  checkVersion(path, json);
  const { data, error } = infoSchema.safeParse(json);
  if (!data) throw damaged(path, 'the description of a dataset', explainIssues(error));
  const { task: name, hash } = data.forking_paths;
  if (!TASKS.some((task) => task.name === name)) {
    const names = TASKS.map((task) => task.name).join(', ');
    throw mismatch(path, `a task of this program (${names})`, JSON.stringify(name));
  }
  const task = findTask(name);
  const info: Info = {
    task,
    controlHz: data.fps,
    camera: data.forking_paths.camera ?? null,
    interventions: data.forking_paths.interventions ?? false,
    facts: hasFacts(data.features),
    episodes: data.total_episodes,
    frames: data.total_frames,
    hash,
    dataHash: data.forking_paths.data_sha256,
    episodesHash: data.forking_paths.episodes_sha256,
  };
  const expected: Record<string, unknown> = toJson(info);
  if (!isDeepStrictEqual(data.features, expected.features)) {
    throw mismatch(path, `the features of task ${name}`, 'others');
  }
  for (const key of new Set([...Object.keys(expected), ...ownKeys(json)])) {
    const got = Object.getOwnPropertyDescriptor(json, key)?.value;
    if (isDeepStrictEqual(got, expected[key])) continue;
    const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
    throw damaged(path, `${key} to be ${show(expected[key])}`, show(got).slice(0, 200));
  }
  return info;
}

/** Before anything else: in another version nothing else can be relied on. */
function checkVersion(path: string, json: unknown): void {
  const { data } = z.looseObject({ codebase_version: z.string() }).safeParse(json);
  if (data && data.codebase_version !== CODEBASE_VERSION) {
    throw mismatch(
      path,
      `codebase_version ${CODEBASE_VERSION}`,
      data.codebase_version.slice(0, 80),
    );
  }
  if (data && !Object.hasOwn(data, 'forking_paths')) {
    throw mismatch(path, 'key "forking_paths"', 'none: another program wrote this dataset');
  }
}

/** Datasets of before there was this column have their hashes in other files, and stay as they are. */
function hasFacts(features: unknown): boolean {
  return typeof features === 'object' && features !== null && Object.hasOwn(features, FACTS);
}

function toJson({ task, controlHz, episodes, frames, ...rest }: Info) {
  const { camera, interventions, facts, ...hashes } = rest;
  return {
    codebase_version: CODEBASE_VERSION,
    robot_type: 'panda',
    total_episodes: episodes,
    total_frames: frames,
    total_tasks: instructionsOf(task).length,
    chunks_size: CHUNK_SIZE,
    data_files_size_in_mb: 100,
    video_files_size_in_mb: 200,
    fps: controlHz,
    splits: { train: `0:${episodes}` },
    data_path: DATA_PATH,
    video_path: null,
    features: Object.fromEntries(
      featuresOf(task, { camera, interventions, facts }).map(({ name, dtype, width, names }) => [
        name,
        {
          dtype,
          shape: dtype === 'image' ? [width, width, 3] : [width],
          names: names && [...names],
        },
      ]),
    ),
    forking_paths: {
      format: FORMAT,
      task: task.name,
      ...(camera !== null && { camera }),
      ...(interventions && { interventions }),
      hash: hashes.hash,
      data_sha256: hashes.dataHash,
      episodes_sha256: hashes.episodesHash,
    },
  };
}

function ownKeys(json: unknown): string[] {
  return typeof json === 'object' && json !== null ? Object.keys(json) : [];
}

function mismatch(path: string, expected: string, got: string): DatasetError {
  return new DatasetError(
    'mismatch',
    `${path}: expected ${expected}, got ${got}; open it with the program that wrote it, or record ` +
      'a new dataset',
  );
}
