import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import { recordOf } from '../../policies/config/record.ts';
import { isMissing, readRegular } from '../files/index.ts';
import { DatasetError } from '../store/index.ts';
import { decodeInfo } from '../store/info-file.ts';
import { INFO_PATH } from '../store/layout.ts';
import { quoted, refusal } from './refusal.ts';

/** Layouts that are read. */
export const VERSIONS = ['v3.0', 'v2.1'] as const;
export type LeRobotVersion = (typeof VERSIONS)[number];

const MOST_BYTES = 4 * 2 ** 20;

export interface ForeignFeature {
  readonly dtype: string;
  /** Numbers a frame. */
  readonly width: number;
  /** What each number is; null where nobody says. */
  readonly names: readonly string[] | null;
}

/** What `meta/info.json` of a dataset of another program claims. */
export interface Description {
  readonly version: LeRobotVersion;
  readonly fps: number;
  readonly episodes: number;
  readonly frames: number;
  readonly features: ReadonlyMap<string, ForeignFeature>;
}

const infoSchema = z.looseObject({
  codebase_version: z.string(),
  fps: z.number().positive().max(10_000),
  total_episodes: z.int().min(0),
  total_frames: z.int().min(0),
  features: recordOf(
    z.string(),
    z.looseObject({
      dtype: z.string(),
      shape: z
        .array(
          z
            .int()
            .min(0)
            .max(2 ** 20),
        )
        .max(8),
      names: z.unknown().optional(),
    }),
  ),
});

/**
 * @param root the dataset's directory
 * @throws DatasetError 'damaged', 'mismatch'; FileError
 */
export async function readDescription(root: string): Promise<Description> {
  const json = await readJson(root);
  const version = versionOf(json);
  const { data, error } = infoSchema.safeParse(json);
  if (!data) {
    throw refusal(INFO_PATH, {
      expected: 'the description of a LeRobot dataset',
      got: explainIssues(error),
      cure: 're-save it with LeRobot',
    });
  }
  const features = Object.entries(data.features).map(
    ([name, { dtype, shape, names }]): [string, ForeignFeature] => [
      name,
      { dtype, width: shape.reduce((product, each) => product * each, 1), names: namesOf(names) },
    ],
  );
  return {
    version,
    fps: data.fps,
    episodes: data.total_episodes,
    frames: data.total_frames,
    features: new Map(features),
  };
}

/**
 * Who wrote a dataset, by its `meta/info.json`: this program; another, in a copy of what this one wrote
 * (some keep keys that they do not know); or another alone.
 */
export type Origin = 'own' | 'changed' | 'other';

/** @throws DatasetError 'damaged'; FileError */
export async function originOf(root: string): Promise<Origin> {
  const json = await readJson(root);
  const { data } = z.looseObject({ forking_paths: z.unknown() }).safeParse(json);
  if (data?.forking_paths === undefined) return 'other';
  try {
    decodeInfo(INFO_PATH, JSON.stringify(json));
    return 'own';
  } catch (error) {
    if (error instanceof DatasetError) return 'changed';
    throw error;
  }
}

async function readJson(root: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readRegular(root, INFO_PATH, MOST_BYTES)).toString('utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw refusal(
      INFO_PATH,
      {
        expected: 'a file',
        got: 'nothing',
        cure: 'give the directory of a LeRobot dataset, which holds meta/ and data/',
      },
      'damaged',
      error,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = { expected: 'JSON', got: 'other text', cure: 're-save it with LeRobot' };
    throw refusal(INFO_PATH, why, 'damaged', error);
  }
}

/** Before anything else: in another version nothing else can be relied on. */
function versionOf(json: unknown): LeRobotVersion {
  const { data } = z.looseObject({ codebase_version: z.string() }).safeParse(json);
  const version = VERSIONS.find((known) => known === data?.codebase_version);
  if (version) return version;
  throw refusal(
    INFO_PATH,
    {
      expected: `codebase_version ${VERSIONS.join(' or ')}`,
      got: data ? quoted(data.codebase_version) : 'none',
      cure: 'convert it by the scripts that come with LeRobot',
    },
    'mismatch',
  );
}

/** A list of names, or lists under keys such as "motors". */
function namesOf(names: unknown): readonly string[] | null {
  if (names === null || typeof names !== 'object') return null;
  const flat = (Array.isArray(names) ? names : Object.values(names)).flat(4);
  return flat.every((name) => typeof name === 'string') ? flat : null;
}
