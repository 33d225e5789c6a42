import { createHash } from 'node:crypto';
import { access, constants, lstat, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  ensureDirectory,
  FileError,
  isFileSystemError,
  listDirectory,
  makeDirectory,
  placeFile,
  readRegular,
  removeTemporaries,
  temporaryPath,
  unlessMissing,
} from '../../demos/files/index.ts';
import { PROGRAM_NAME } from '../../policies/engine/program-cache.ts';
import type { ProgramStore } from '../../policies/engine/types.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** What is kept at most, bytes: weights are part of a sampler's program. */
const MAX_BYTES = 256 * 2 ** 20;

/** Sources whose programs these are, compiled or not. */
const POLICIES = join(PACKAGE_ROOT, import.meta.url.endsWith('.ts') ? 'policies' : 'dist/policies');

/**
 * Traced programs in one directory, a file each; the oldest go first. Nothing is lost with it, so
 * whatever is wrong with the directory or with a file is only told of, once.
 *
 * @param path of the directory; need not exist yet
 */
export async function openProgramStore(path: string, maxBytes = MAX_BYTES): Promise<ProgramStore> {
  const version = await sourceVersion();
  const directory = resolve(path);
  const [root, folder] = [dirname(directory), basename(directory)];
  let told = false;
  const tell = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (!told) process.emitWarning(`what was traced was not kept in ${directory}: ${message}`);
    told = true;
  };
  /** Null, and a word of it, where the file system or what lies there does not let it. */
  const attempt = async <T>(what: () => Promise<T>): Promise<T | null> => {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof FileError) && !isFileSystemError(error)) throw error;
      tell(error);
      return null;
    }
  };
  const prepare = async () => {
    await ensureDirectory(root);
    await makeDirectory(root, folder);
    await removeTemporaries(root, folder);
  };
  const readFrom = (name: string) => readRegular(root, join(folder, name), maxBytes);
  return {
    version,
    async read(name) {
      return attempt(() => unlessMissing(readFrom(name)));
    },
    async write(name, bytes) {
      await attempt(async () => {
        await prepare();
        await placeFile(join(directory, name), bytes);
        await prune(root, folder, maxBytes);
      });
    },
    async lendFile(use) {
      const lent = await attempt(async () => {
        await prepare();
        await access(directory, constants.W_OK);
        return temporaryPath(directory, 'lent');
      });
      if (lent === null) return [await use(null), null];
      try {
        const result = await use(lent);
        return [result, await attempt(() => readFrom(basename(lent)))];
      } catch (error) {
        // A full disk is said in a library's own words. What fails without a file as well is no
        // fault of the disk, and thrown.
        const result = await use(null);
        tell(error);
        return [result, null];
      } finally {
        await attempt(() => rm(lent, { force: true }));
      }
    },
  };
}

/** Digest of all sources of the policies: any change of them makes older programs unusable. */
async function sourceVersion(): Promise<string> {
  const entries = await readdir(POLICIES, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(js|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const digest = createHash('sha256');
  for (const file of files) digest.update(file.slice(POLICIES.length)).update(await readFile(file));
  return digest.digest('hex');
}

/** Removes the oldest programs; what the program cache did not name is not looked at. */
async function prune(root: string, folder: string, maxBytes: number): Promise<void> {
  const programs = (await listDirectory(root, folder))
    .filter((entry) => entry.isFile() && PROGRAM_NAME.test(entry.name))
    .map(({ name }) => inspect(join(root, folder, name)));
  const files = (await Promise.all(programs)).filter((file) => file !== null);
  let kept = 0;
  for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    kept += size;
    if (kept > maxBytes) await rm(path, { force: true });
  }
}

/** Null where another process has removed it meanwhile. */
async function inspect(path: string) {
  const stats = await unlessMissing(lstat(path));
  return stats && { path, size: stats.size, mtimeMs: stats.mtimeMs };
}
