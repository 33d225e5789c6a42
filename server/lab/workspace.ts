import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatasetStore, isSystemError } from '../../demos/store/index.ts';
import { CheckpointError, decodePolicy } from '../../policies/checkpoint/index.ts';
import type { TrainedPolicy } from '../../policies/policy.ts';
import type { EngineName } from '../../policies/spec/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { PolicySource } from '../protocol/stage.ts';
import { ComparisonStore } from './comparison-store.ts';
import { RunStore } from './run-store.ts';

/** The folder of package.json, whether this runs as source or compiled. */
export const PACKAGE_ROOT = findPackageRoot();

/** Checkpoints that ship: a folder each with `policy.safetensors` and `manifest.json`. */
export const SHIPPED_ROOT = join(PACKAGE_ROOT, 'policies', 'shipped');

/** A data directory, and the engine that works on it: what a child process is told to open. */
export interface Place {
  readonly data: string;
  readonly engine: EngineName;
}

/** Everything a user's data directory holds. */
export interface Workspace {
  readonly place: Place;
  readonly datasets: DatasetStore;
  readonly runs: RunStore;
  readonly comparisons: ComparisonStore;
}

export function openWorkspace({ data, engine }: Place): Workspace {
  const root = resolve(data);
  return {
    place: { data: root, engine },
    datasets: new DatasetStore(join(root, 'datasets')),
    runs: new RunStore(join(root, 'runs')),
    comparisons: new ComparisonStore(join(root, 'comparisons')),
  };
}

/**
 * The weights a source names.
 *
 * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a run without a checkpoint
 */
export async function loadPolicy(
  { runs }: Pick<Workspace, 'runs'>,
  source: PolicySource,
): Promise<TrainedPolicy> {
  if (source.kind === 'shipped') return loadShipped(source.name);
  const checkpoint = await runs.readCheckpoint(source.id);
  if (checkpoint) return checkpoint.policy;
  throw new ProtocolError(
    'conflict',
    `run ${source.id}: expected a checkpoint, got none yet; wait for its first one`,
  );
}

/** @throws ProtocolError 'not-found', 'damaged' */
export async function loadShipped(name: string): Promise<TrainedPolicy> {
  const path = join(SHIPPED_ROOT, name, 'policy.safetensors');
  try {
    return decodePolicy(await readFile(path));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) {
      throw new ProtocolError(
        'not-found',
        `no checkpoint of "${name}" ships with this version; train one and name its run`,
        { cause: error },
      );
    }
    if (!(error instanceof CheckpointError)) throw error;
    throw new ProtocolError('damaged', `${path}: ${error.message}`, { cause: error });
  }
}

function findPackageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('expected a package.json above this file');
    directory = parent;
  }
  return directory;
}
