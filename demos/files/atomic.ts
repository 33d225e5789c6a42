/**
 * Files that are there whole or not at all, whatever is killed when: written aside, forced to
 * disk, renamed into place. For everything the program keeps, not only datasets.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isSystemError } from './errors.ts';
import { inspectOwner, OWNER_TAG_PATTERN, ownerTag } from './owner.ts';
import { checkDirectory, listDirectory, missing, notRegular, unlessMissing } from './read.ts';

/** Written by no other process: file names made here carry their process, and end so. */
const SUFFIX = '.tmp';
const TEMPORARY = new RegExp(`^.+\\.[0-9a-f]{8}\\.(${OWNER_TAG_PATTERN})\\${SUFFIX}$`);

export interface WriteOptions {
  /**
   * Existing directory, on the same file system, where the file is written before it is renamed.
   * @default the target's own directory
   */
  readonly staging?: string;
}

/**
 * Replaces or creates one file. After a kill or a power cut at any moment it holds its old or its
 * new content, and once this resolves, the new.
 *
 * @throws FileError 'not-regular' where a directory stands in its place; the file system's own
 *         errors (ENOSPC, EACCES, …); the old content then stands
 * @cost two waits for the disk
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  options?: WriteOptions,
): Promise<void> {
  await placeFile(path, content, options);
  await syncDirectory(dirname(path));
}

/**
 * As `writeFileAtomic`, except that a power cut may still undo it until `syncDirectory` of the
 * directory: for many files in one directory.
 */
export async function placeFile(
  path: string,
  content: Uint8Array | string,
  { staging = dirname(path) }: WriteOptions = {},
): Promise<void> {
  const temporary = temporaryPath(staging, basename(path));
  try {
    await writeFileDurably(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (isSystemError(error, 'EISDIR')) throw notRegular(path, 'a directory', error);
    throw error;
  }
}

/** A path in `directory` that no other writer uses, and that `removeTemporaries` knows. */
export function temporaryPath(directory: string, name: string): string {
  return join(directory, `${name}.${randomBytes(4).toString('hex')}.${ownerTag()}${SUFFIX}`);
}

/** Writes a new file and waits until its content is on the disk. */
export async function writeFileDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Puts a finished directory in place. Never replaces one that holds anything.
 *
 * @throws ENOTEMPTY or EEXIST where the target is taken
 */
export async function placeDirectory(staged: string, target: string): Promise<void> {
  await rename(staged, target);
  await syncDirectory(dirname(target));
  if (dirname(staged) !== dirname(target)) await syncDirectory(dirname(staged));
}

/**
 * Creates a directory and what is missing above it, so that they outlast a power cut.
 *
 * A step at a time: Node's own way says of a read-only disk that a directory is missing, and never
 * ends below `/proc`.
 *
 * @throws the file system's own errors
 */
export async function ensureDirectory(path: string): Promise<void> {
  const full = resolve(path);
  try {
    await mkdir(full);
  } catch (error) {
    const isThere = await stat(full).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isThere) return;
    if (isSystemError(error, 'EEXIST') && (await comesAndGoes(full))) return ensureDirectory(full);
    if (!isSystemError(error, 'ENOENT') || full === dirname(full)) throw error;
    await ensureDirectory(dirname(full));
    try {
      await mkdir(full);
    } catch (again) {
      // Another has made it meanwhile.
      if (!isSystemError(again, 'EEXIST')) throw again;
    }
  }
  await syncDirectory(dirname(full));
}

/** Whether what had that name has been removed by another meanwhile, who may have made it again. */
async function comesAndGoes(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path)))?.isDirectory() ?? true;
}

/**
 * Creates what is missing of a path below `root`, a step at a time and never through a link.
 *
 * @throws FileError 'missing' where there is no `root`; 'not-regular' where a link, or what is no
 *         directory, stands on the way
 */
export async function makeDirectory(root: string, path: string): Promise<void> {
  let at = root;
  for (const part of path.split(/[\\/]/).filter(Boolean)) {
    const above = at;
    at = join(at, part);
    try {
      await mkdir(at);
      await syncDirectory(above);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) throw missing(above, error);
      // A file system that is read-only may say so also of what is there already.
      const stats = await lstat(at).catch(() => null);
      // It was there a moment ago: the directory it is in has been renamed since.
      if (stats === null) throw isSystemError(error, 'EEXIST') ? missing(above, error) : error;
      checkDirectory(at, stats);
    }
  }
}

/** Waits until the entries of a directory are on the disk. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory, and writes its entries through.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Whether `temporaryPath` makes such names. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Removes what processes that have ended left behind in a directory; call it at start.
 *
 * @param path below `root`
 * @throws FileError 'not-regular' where it, or what it is in, is a link: nothing is then removed
 */
export async function removeTemporaries(root: string, path = ''): Promise<void> {
  for (const { name } of await listDirectory(root, path)) {
    const tag = TEMPORARY.exec(name)?.[1];
    if (tag === undefined || !inspectOwner(tag).ended) continue;
    // Of a link this removes the link.
    await rm(join(root, path, name), { recursive: true, force: true });
  }
}
