import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ProtocolError } from '../protocol/errors.ts';

/** How sealed JSON ends: the digest of the text without this line. */
const SEAL = /,\n {2}"sha256": "([0-9a-f]{64})"\n\}$/;

/** JSON of an object whose last key, "sha256", is the digest of all before it. */
export function sealJson(value: object): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.slice(0, -2)},\n  "sha256": "${sha256(text)}"\n}`;
}

/** What was sealed; null where there is no seal, or it does not fit the text. */
export function openSealed(content: string): string | null {
  const match = SEAL.exec(content);
  if (!match) return null;
  const text = `${content.slice(0, match.index)}\n}`;
  return sha256(text) === match[1] ? text : null;
}

/**
 * The text of a regular file: a link, a pipe or a device is not opened, nor a file that is larger
 * than any that is written.
 *
 * @param most bytes
 * @throws ProtocolError 'damaged'; the file system's own errors
 */
export async function readRegular(path: string, most: number): Promise<string> {
  // Windows knows neither.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new ProtocolError('damaged', `${path}: expected a regular file`);
    if (stats.size > most) {
      throw new ProtocolError(
        'damaged',
        `${path}: expected at most ${most} bytes, got ${stats.size}`,
      );
    }
    const content = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(content, 0, stats.size, 0);
    return content.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
