import { createHash } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  isSystemError,
  placeFile,
  removeTemporaries,
  temporaryPath,
} from '../../demos/store/index.ts';
import type { ProgramStore } from '../../policies/engine/index.ts';

/** What is kept at most, bytes: weights are part of a sampler's program. */
const MAX_BYTES = 256 * 2 ** 20;

/** Sources whose programs these are, compiled or not. */
const POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));

/**
 * Traced programs in one directory, a file each; the oldest go first. Nothing is lost with it,
 * so a directory that cannot be written is only told of.
 */
export async function openProgramStore(
  directory: string,
  maxBytes = MAX_BYTES,
): Promise<ProgramStore> {
  const version = await sourceVersion();
  const writing = async <T>(write: () => Promise<T>): Promise<T | null> => {
    try {
      await mkdir(directory, { recursive: true });
      await removeTemporaries(directory);
      return await write();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      process.emitWarning(`a traced program was not kept in ${directory}: ${error.message}`);
      return null;
    }
  };
  return {
    version,
    async read(name) {
      try {
        return await readFile(join(directory, name));
      } catch (error) {
        if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return null;
        throw error;
      }
    },
    async write(name, bytes) {
      await writing(async () => {
        await placeFile(join(directory, name), bytes);
        await prune(directory, maxBytes);
      });
    },
    async lendFile(use) {
      const path = await writing(async () => {
        await access(directory, constants.W_OK);
        return temporaryPath(directory, 'lent');
      });
      try {
        const result = await use(path);
        return [result, path === null ? null : await readFile(path)];
      } finally {
        if (path !== null) await rm(path, { force: true });
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

async function prune(directory: string, maxBytes: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(directory)).map((name) => inspect(directory, name)),
  );
  const newestFirst = files.filter((file) => file !== null).sort((a, b) => b.mtimeMs - a.mtimeMs);
  let kept = 0;
  for (const { path, size } of newestFirst) {
    kept += size;
    if (kept > maxBytes) await rm(path, { force: true });
  }
}

/** Null where another process has removed it meanwhile. */
async function inspect(directory: string, name: string) {
  const path = join(directory, name);
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, size, mtimeMs };
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}
