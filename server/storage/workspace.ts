import { join, resolve } from 'node:path';
import { FileError, isMissing, readRegular, sha256 } from '../../demos/files/index.ts';
import { DatasetStore } from '../../demos/store/index.ts';
import { CheckpointError, decodePolicy, encodePolicy } from '../../policies/checkpoint/index.ts';
import type { EngineName } from '../../policies/config/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { PolicyServers } from '../protocol/policy-servers.ts';
import { ComparisonStore } from './comparison-store.ts';
import { readManifest } from './manifest.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { RunStore } from './run-store.ts';
import type { TextEncoderPlace } from './text-encoder.ts';

/** Checkpoints that ship: a folder each with `policy.safetensors` and `manifest.json`. */
export const SHIPPED_ROOT = join(PACKAGE_ROOT, 'policies', 'shipped');

const POLICY_FILE = 'policy.safetensors';
/** What is believed of one, bytes: ten times the largest. */
const MOST_SHIPPED_BYTES = 64 * 2 ** 20;

/**
 * A data directory, the engine that works on it, and what policies read with that do so with an encoder
 * from outside: what a child process is told to open.
 */
export interface Place extends TextEncoderPlace {
  readonly data: string;
  readonly engine: EngineName;
  /** Where demonstrations are. @default in the data directory */
  readonly datasets?: string | undefined;
  /** What is handed to machines with another data directory lies there: as `openArtefacts` takes it. @default nothing is */
  readonly store?: string | undefined;
  /** What is kept of demonstrations that came from there and that nobody uses, bytes. @default `BROUGHT_BYTES` */
  readonly broughtBytes?: number | undefined;
  /** Policy servers that may be asked. @default none */
  readonly policyServers?: PolicyServers | undefined;
  /** LeRobot's checkpoints and ONNX files that may be read, as sources name them. @default none */
  readonly checkpoints?: readonly string[] | undefined;
}

/** Everything a user's data directory holds. */
export interface Workspace {
  readonly place: Place;
  readonly datasets: DatasetStore;
  readonly runs: RunStore;
  readonly comparisons: ComparisonStore;
}

export function openWorkspace(place: Place): Workspace {
  const { data, engine, textEncoder, tokenizer, policyServers, checkpoints } = place;
  const { store, broughtBytes } = place;
  const root = resolve(data);
  const datasets = place.datasets === undefined ? undefined : resolve(place.datasets);
  return {
    place: {
      data: root,
      engine,
      ...(datasets !== undefined && { datasets }),
      ...(store !== undefined && { store }),
      ...(broughtBytes !== undefined && { broughtBytes }),
      ...(textEncoder !== undefined && { textEncoder: resolve(textEncoder) }),
      ...(tokenizer !== undefined && { tokenizer: resolve(tokenizer) }),
      ...(policyServers !== undefined && { policyServers }),
      ...(checkpoints !== undefined && { checkpoints }),
    },
    datasets: new DatasetStore(datasets ?? join(root, 'datasets')),
    runs: new RunStore(join(root, 'runs')),
    comparisons: new ComparisonStore(join(root, 'comparisons')),
  };
}

/** @throws ProtocolError 'not-found', 'damaged' */
export function loadShipped(name: string): Promise<TrainedPolicy> {
  return loadVouched(SHIPPED_ROOT, name);
}

/**
 * Sha-256 of a checkpoint that ships, as its manifest says and `loadShipped` makes sure of.
 *
 * @throws ProtocolError 'damaged'
 */
export async function digestOfShipped(name: string): Promise<string> {
  return (await readManifest(SHIPPED_ROOT, name)).checkpointSha256;
}

/** The same of a policy that does not ship: of the file it would have. */
export function digestOfPolicy(policy: TrainedPolicy): string {
  return sha256(encodePolicy(policy));
}

/**
 * The policy in a folder, if its file is the one its manifest vouches for.
 *
 * @param root of the folders
 * @throws ProtocolError 'not-found', 'damaged'
 */
export async function loadVouched(root: string, name: string): Promise<TrainedPolicy> {
  const bytes = await readShipped(name, root);
  const path = join(root, name, POLICY_FILE);
  const { checkpointSha256 } = await readManifest(root, name);
  const got = sha256(bytes);
  if (got !== checkpointSha256) {
    throw new ProtocolError(
      'damaged',
      `${path}: expected sha-256 ${checkpointSha256}, as its manifest says, got ${got}; install the ` +
        'program again',
    );
  }
  try {
    return decodePolicy(bytes);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new ProtocolError('damaged', `${path}: ${error.message}`, { cause: error });
  }
}

async function readShipped(name: string, root: string): Promise<Buffer> {
  try {
    return await readRegular(root, join(name, POLICY_FILE), MOST_SHIPPED_BYTES);
  } catch (cause) {
    if (isMissing(cause)) {
      throw new ProtocolError(
        'not-found',
        `no checkpoint of "${name}" ships with this version; train one and name its run`,
        { cause },
      );
    }
    if (!(cause instanceof FileError)) throw cause;
    throw new ProtocolError('damaged', `${cause.message}; install the program again`, { cause });
  }
}
