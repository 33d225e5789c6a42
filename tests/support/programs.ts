/**
 * Compiled programs that processes of tests pass on to each other: each data directory is a new one,
 * and they would spend their first seconds on making the same ones again. Their names are digests of
 * all they are made from, so none can be the wrong one.
 */
import { type FSWatcher, linkSync, watch } from 'node:fs';
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSystemError } from '../../demos/files/index.ts';
import { PROGRAM_NAME } from '../../policies/engine/index.ts';
import { afterFile } from './after-file.ts';

const SHARED = join(tmpdir(), 'forking-paths-test-programs');
/** Of other sources than today's, or of what is no longer tested, ms. */
const TOO_OLD = 24 * 3600 * 1000;

let looked = false;

/** Before the first process that uses a data directory; what it adds, others have at once, and the other way round. */
export async function lendPrograms(data: string): Promise<void> {
  if (!looked) await removeOld();
  looked = true;
  const own = join(data, 'programs');
  try {
    for (const directory of [SHARED, own]) await mkdir(directory, { recursive: true });
  } catch (error) {
    // A test may have put something else in its place.
    if (isSystemError(error, 'EEXIST', 'ENOTDIR')) return;
    throw error;
  }
  const watchers = [passOn(own, SHARED), passOn(SHARED, own)];
  afterFile(() => {
    for (const watcher of watchers) watcher.close();
  });
  for (const name of await readdir(SHARED)) linkOne(name, SHARED, own);
}

/** Links each program into another directory as soon as it is there, until it is closed. */
function passOn(from: string, to: string): FSWatcher {
  return watch(from, (_, name) => {
    if (name !== null) linkOne(name, from, to);
  });
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(SHARED).catch(() => [])) {
    const path = join(SHARED, name);
    const at = await stat(path).catch(() => null);
    // Another process may have removed it.
    if (at && Date.now() - at.mtimeMs > TOO_OLD) await unlink(path).catch(() => {});
  }
}

function linkOne(name: string, from: string, to: string): void {
  if (!PROGRAM_NAME.test(name)) return;
  try {
    linkSync(join(from, name), join(to, name));
  } catch (error) {
    // There already, pruned meanwhile, or on another disk: each makes its own then.
    if (!isSystemError(error, 'EEXIST', 'ENOENT', 'ENOTDIR', 'EXDEV', 'EPERM')) throw error;
  }
}
