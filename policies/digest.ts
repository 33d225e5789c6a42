import { createHash } from 'node:crypto';

/** Sha-256 of the bytes of numbers, as weights are told apart. */
export function digestOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}
