import { createHash } from 'node:crypto';
import type { Demonstration } from '../demonstration.ts';
import { encodeFacts } from './facts.ts';

/**
 * Sha-256 of all that is known of one episode: its facts as JSON (task, mode, source, seed,
 * control rate, initial state, success, contact, length, replay hash, physics), a line feed, then
 * state, environment, action and command as little-endian f32, and of an episode that a person took
 * over a byte a frame. In hexadecimal.
 */
export function episodeDigest(demonstration: Demonstration): string {
  const hash = createHash('sha256').update(`${encodeFacts(demonstration)}\n`);
  for (const name of ['state', 'environment', 'action', 'command'] as const) {
    const { buffer, byteOffset, byteLength } = demonstration[name];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  if (demonstration.intervention) hash.update(demonstration.intervention);
  return hash.digest('hex');
}

/**
 * Sha-256 of a dataset: a line with task and control rate (and the size of its pictures, where it
 * has any), then the digest of each episode in
 * order, a line each. Equal datasets have equal hashes however, where and when they were written;
 * whatever training could depend on is in it.
 */
export function datasetHash(
  task: string,
  controlHz: number,
  digests: readonly string[],
  camera: number | null = null,
): string {
  const kind = camera === null ? `${task} ${controlHz}` : `${task} ${controlHz} ${camera}`;
  return hashLines([kind, ...digests]);
}

/** Of data files, from the sha-256 of each: tells whether every byte is as it was written. */
export function filesHash(fileHashes: readonly string[]): string {
  return hashLines(fileHashes);
}

function hashLines(lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return createHash('sha256').update(text).digest('hex');
}
