/**
 * Compiled programs that test servers pass on to each other: each has a data directory of its own, and
 * would spend its first seconds on making the same ones again. Their names are digests of all they
 * are made from, so none can be the wrong one.
 */
import { link, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSystemError } from '../../demos/files/index.ts';
import { PROGRAM_NAME } from '../../policies/engine/index.ts';

const SHARED = join(tmpdir(), 'forking-paths-test-programs');

/** Before a server starts. */
export function lendPrograms(data: string): Promise<void> {
  return linkAll(SHARED, join(data, 'programs'));
}

/** After it has ended, as long as its data are there. */
export function keepPrograms(data: string): Promise<void> {
  return linkAll(join(data, 'programs'), SHARED);
}

async function linkAll(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  if (names.length === 0) return;
  try {
    await mkdir(to, { recursive: true });
    for (const name of names) {
      if (PROGRAM_NAME.test(name)) await linkOne(join(from, name), join(to, name));
    }
  } catch (error) {
    // A test may have put something else in its place.
    if (!isSystemError(error, 'EEXIST', 'ENOTDIR')) throw error;
  }
}

async function linkOne(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // There already, pruned meanwhile, or on another disk: each makes its own then.
    if (!isSystemError(error, 'EEXIST', 'ENOENT', 'EXDEV', 'EPERM')) throw error;
  }
}
