/**
 * Compiled programs that processes of tests pass on to each other: each data directory is a new one,
 * and they would spend their first seconds on making the same ones again. Their names are digests of
 * all they are made from, so none can be the wrong one.
 */
import { link, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSystemError } from '../../demos/files/index.ts';
import { PROGRAM_NAME } from '../../policies/engine/index.ts';
import { afterFile } from './after-file.ts';

const SHARED = join(tmpdir(), 'forking-paths-test-programs');
/** Of other sources than today's, or of what is no longer tested, ms. */
const TOO_OLD = 24 * 3600 * 1000;

let looked = false;

/** Before the first process that uses a data directory; what it adds is taken over after the tests. */
export async function lendPrograms(data: string): Promise<void> {
  if (!looked) await removeOld();
  looked = true;
  const own = join(data, 'programs');
  await linkAll(SHARED, own);
  afterFile(() => linkAll(own, SHARED));
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(SHARED).catch(() => [])) {
    const path = join(SHARED, name);
    const at = await stat(path).catch(() => null);
    // Another process may have removed it.
    if (at && Date.now() - at.mtimeMs > TOO_OLD) await unlink(path).catch(() => {});
  }
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
