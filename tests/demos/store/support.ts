import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { ACTION_DIM, findTask, STATE_DIM } from '../../../sim/index.ts';
import { afterFile } from '../../support/after-file.ts';

export const task = findTask('left-right');
export const ENVIRONMENT_DIM = task.environmentNames.length;
export const DATASET = { task: task.name, controlHz: 20 } as const;

/** An empty directory that is removed when the test file is done. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'datasets-'));
  afterFile(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A short made-up demonstration; another `seed` gives other numbers throughout. */
export function synthetic(seed: number, changes: Partial<Demonstration> = {}): Demonstration {
  const length = changes.length ?? 5 + (seed % 4);
  const rows = (width: number, phase: number) =>
    Float32Array.from({ length: length * width }, (_, i) => Math.sin(phase + seed + i / 7));
  return {
    task: task.name,
    mode: seed % 2 === 0 ? 'left' : 'right',
    source: 'scripted',
    seed,
    controlHz: 20,
    initial: {
      joints: Array.from({ length: 7 }, (_, i) => Math.fround(Math.cos(seed + i))),
      gripperOpening: Math.fround(0.08),
      objects: [[Math.fround(0.68), Math.fround(seed / 100), Math.fround(0.03)]],
    },
    success: seed % 3 !== 0,
    contact: seed % 5 === 0,
    length,
    state: rows(STATE_DIM, 0),
    environment: rows(ENVIRONMENT_DIM, 1),
    action: rows(ACTION_DIM, 2),
    command: rows(ACTION_DIM, 3),
    replayHash: seed.toString(16).padStart(16, '0'),
    physics: { package: '@dimforge/rapier3d-compat', version: '0.21.0' },
    ...changes,
  };
}

export function synthetics(count: number, first = 0): Demonstration[] {
  return Array.from({ length: count }, (_, i) => synthetic(first + i));
}

/** All files below a directory, relative to it, sorted. */
export async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
    .sort();
}

/** The files a dataset of so many episodes (below 1000) consists of. */
export function expectedFiles(episodes: number): string[] {
  const files = ['meta/info.json', 'meta/tasks.parquet'];
  if (episodes > 0) files.push('meta/episodes/chunk-000/file-000.parquet', 'meta/stats.json');
  for (let i = 0; i < episodes; i++) {
    files.push(`data/chunk-000/file-${String(i).padStart(3, '0')}.parquet`);
  }
  return files.sort();
}
