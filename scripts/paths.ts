/**
 * Paths as people type them, looked at before any work: a slip is wrong usage, said in a sentence,
 * not what the system says hours later.
 */
import { type Stats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isSystemError } from '../demos/files/index.ts';
import { isS3, parseS3Address } from '../server/artefacts/index.ts';
import { ProtocolError } from '../server/protocol/errors.ts';

/** A directory that is there or will be made, as commander's argument parser. */
export function directoryPath(text: string): string {
  if (text !== '' && (look(text)?.isDirectory() ?? true)) return text;
  throw new InvalidArgumentError(`expected a directory, got ${what(text)}; choose another`);
}

/** A directory, or a place in an object store, as commander's argument parser. */
export function artefactPlace(text: string): string {
  if (!isS3(text)) return directoryPath(text);
  parseS3Address(text);
  return text;
}

/** A file to write in a directory that is there, as commander's argument parser. */
export function filePath(text: string): string {
  if (text === '' || /[\\/]$/.test(text) || look(text)?.isDirectory()) {
    throw new InvalidArgumentError(
      `expected a file to write, got ${what(text)}; add the name of a file`,
    );
  }
  const parent = dirname(resolve(text));
  if (look(parent)?.isDirectory()) return text;
  throw new InvalidArgumentError(
    `expected a file in a directory that is there, got ${what(parent)}; make it first`,
  );
}

function what(text: string): string {
  if (text === '') return 'an empty path';
  const stats = look(text);
  if (!stats) return `"${text}", which is not there`;
  return `"${text}", which is a ${stats.isDirectory() ? 'directory' : 'file'}`;
}

/** Null where there is nothing; what a file stands in the way of is that file. */
function look(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    if (isSystemError(error, 'ENOTDIR')) return look(dirname(resolve(path)));
    throw error;
  }
}

/**
 * Where a copy of a directory can be put.
 *
 * @param directory what is to be copied
 * @param out       the copy, which is not there yet, in a directory that is
 * @returns         its absolute path
 * @throws ProtocolError 'invalid-request' where the directory it should lie in is not there, or lies
 *         in what is copied
 */
export async function copyTarget(directory: string, out: string): Promise<string> {
  const target = resolve(out);
  const parent = dirname(target);
  if (!look(parent)?.isDirectory()) {
    throw new ProtocolError(
      'invalid-request',
      `export: expected a directory to put ${basename(target)} in, got ${what(parent)}; ` +
        'make it first',
    );
  }
  await refuseWithin(directory, target, 'export: expected a place outside the dataset');
  return target;
}

/**
 * @param expected how the refusal begins
 * @throws ProtocolError 'invalid-request' where `path` is the directory or lies in it, links followed
 */
export async function refuseWithin(
  directory: string,
  path: string,
  expected: string,
): Promise<void> {
  const way = relative(await realPlace(directory), await realPlace(path));
  if (way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way) return;
  throw new ProtocolError('invalid-request', `${expected}, got ${path}; choose another --out`);
}

/** The path without links, as far down as it is there. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    const at = resolve(path);
    return join(await realPlace(dirname(at)), basename(at));
  }
}
