import { createHash } from 'node:crypto';

/** How sealed JSON ends: the digest of the text without these two lines. */
const SEAL = /,\n {2}"sha256": "([0-9a-f]{64})"\n\}$/;
const SEAL_KEY = '"sha256"';

/** What a text says, and whether a seal vouched for it. */
export interface Opened {
  readonly text: string;
  readonly sealed: boolean;
}

/**
 * JSON of an object whose last key, "sha256", is the digest of all before it: readable, and any
 * change of it shows.
 *
 * @param value has a key at least, and none called "sha256"
 */
export function sealJson(value: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.slice(0, -2)},\n  ${SEAL_KEY}: "${sha256(text)}"\n}`;
}

/**
 * Takes the seal off.
 *
 * @returns null where the seal does not fit the text. A text without a seal is returned as it is: an
 *          earlier version wrote it, or a person who changed it and took the seal off.
 */
export function openSealed(content: string): Opened | null {
  const match = SEAL.exec(content);
  if (!match) return content.includes(SEAL_KEY) ? null : { text: content, sealed: false };
  const text = `${content.slice(0, match.index)}\n}`;
  return sha256(text) === match[1] ? { text, sealed: true } : null;
}

/** What is wrong with a text that `openSealed` refuses: "expected …, got …". */
export function describeBrokenSeal(content: string): string {
  const match = SEAL.exec(content);
  if (!match) return 'expected its seal, "sha256", as the last key of all, got none there';
  return `expected sha-256 ${match[1]}, got ${sha256(`${content.slice(0, match.index)}\n}`)}`;
}

/** In hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
