import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { isSystemError } from '../files/index.ts';
import { DatasetError } from './errors.ts';

const NAME = new RegExp(`^${NAME_PATTERN}$`);

export function isName(name: string): boolean {
  return NAME.test(name);
}

/** @throws DatasetError 'invalid-name' */
export function checkName(name: string): void {
  if (isName(name)) return;
  throw new DatasetError(
    'invalid-name',
    `dataset name: expected 1 to 64 of a-z, 0-9, "-" and "_", the first a letter or digit, ` +
      `got ${JSON.stringify(name.slice(0, 80))}; choose another name`,
  );
}

/**
 * The directory of an entry, or null where there is none.
 *
 * @param parent directory it should be in
 * @throws DatasetError 'invalid-name' where a link leads elsewhere
 */
export async function resolveEntry(parent: string, name: string): Promise<string | null> {
  let expected: string;
  let actual: string;
  try {
    expected = join(await realpath(parent), name);
    actual = await realpath(expected);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null;
    throw error;
  }
  if (actual === expected) return expected;
  throw new DatasetError(
    'invalid-name',
    `${expected}: expected a directory of the store, got a link to ${actual}; ` +
      'copy the dataset into the store instead',
  );
}
