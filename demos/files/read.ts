/**
 * Reading below a directory of the program's own. What lies there may have been put there by anyone:
 * a link may lead out of it, a pipe never ends, and a size is a claim. So every step looks at what it
 * touches before it is opened.
 */
import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FileError, isSystemError } from './errors.ts';

/** Where a link at the end of the path fails, and a pipe without a writer opens at once. */
const LOOKING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The content of a regular file.
 *
 * @param root directory that is trusted to be what its path says
 * @param path below `root`; nothing on the way may be a link
 * @param most bytes that are believed; larger files are not opened for reading
 * @throws FileError 'missing', 'not-regular', 'too-large'; the file system's own errors
 */
export async function readRegular(root: string, path: string, most: number): Promise<Buffer> {
  const { file, size } = await openRegular(root, path, most);
  try {
    return await readBytes(file, 0, size);
  } finally {
    await file.close();
  }
}

/** A regular file that is open for reading; whoever opened it closes it. */
export interface RegularFile {
  readonly file: FileHandle;
  /** When it was opened, bytes. */
  readonly size: number;
}

/**
 * Opens a regular file of which only parts are to be read.
 *
 * @throws as `readRegular`
 */
export async function openRegular(root: string, path: string, most: number): Promise<RegularFile> {
  await findDirectory(root, directoryOf(path));
  const full = join(root, path);
  // Windows has no O_NOFOLLOW; elsewhere opening decides, and this gives the reason.
  checkRegular(full, await look(full));
  const file = await openLooking(full);
  try {
    const stats = await file.stat();
    checkRegular(full, stats);
    if (stats.size <= most) return { file, size: stats.size };
    throw new FileError(
      'too-large',
      full,
      `expected at most ${most} bytes, got ${stats.size}; this program writes none so large`,
    );
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * What is in a directory, links as links; nothing where there is no such directory.
 *
 * @param path below `root`, '' for `root` itself; nothing on the way may be a link
 * @throws FileError 'not-regular' where it, or what it is in, is a link or no directory
 */
export async function listDirectory(root: string, path = ''): Promise<Dirent[]> {
  const found = findDirectory(root, path);
  const listed = found.then(() => readdir(join(root, path), { withFileTypes: true }));
  return (await unlessMissing(listed)) ?? [];
}

/**
 * Makes sure that a path below `root` leads through directories alone.
 *
 * @throws FileError 'missing', 'not-regular'
 */
export async function findDirectory(root: string, path: string): Promise<void> {
  let at = root;
  for (const part of path.split(/[\\/]/).filter(Boolean)) {
    at = join(at, part);
    checkDirectory(at, await look(at));
  }
}

/** What looking for something gives; null where there is nothing of that name, or no longer. */
export async function unlessMissing<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether an error says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  if (error instanceof FileError) return error.code === 'missing';
  return isSystemError(error, 'ENOENT');
}

async function look(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) throw missing(path, error);
    throw error;
  }
}

async function openLooking(path: string): Promise<FileHandle> {
  try {
    return await open(path, LOOKING);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw missing(path, error);
    if (isSystemError(error, 'ELOOP', 'ENXIO')) throw notRegular(path, 'another kind', error);
    throw error;
  }
}

/** So many bytes from a place on; fewer where the file ends before. */
export async function readBytes(file: FileHandle, from: number, count: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(count);
  let filled = 0;
  while (filled < count) {
    const { bytesRead } = await file.read(content, filled, count - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return content.subarray(0, filled);
}

function directoryOf(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.slice(0, -1).join(sep);
}

function checkRegular(path: string, stats: Stats): void {
  if (!stats.isFile()) throw notRegular(path, kindOf(stats));
}

/** @throws FileError 'not-regular' */
export function checkDirectory(path: string, stats: Stats): void {
  if (stats.isDirectory()) return;
  throw new FileError(
    'not-regular',
    path,
    `expected a directory, got ${kindOf(stats)}; put the directory itself there`,
  );
}

export function notRegular(path: string, got: string, cause?: unknown): FileError {
  const message = `expected a regular file, got ${got}; put the file itself there`;
  return new FileError('not-regular', path, message, { cause });
}

export function missing(path: string, cause: unknown): FileError {
  return new FileError('missing', path, 'expected it to be there, got nothing', { cause });
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? 'a file' : 'a device';
}
