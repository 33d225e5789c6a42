import { expect } from 'vitest';

/**
 * Arrays of numbers whose bytes are the same are equal. Without this `toEqual` and `toStrictEqual` ask for
 * the name of every place in both, which takes a second for a million numbers; of what differs they go on to
 * say where. To be imported once in a process.
 */
expect.addEqualityTesters([
  (a: unknown, b: unknown) => {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return undefined;
    return bytesOf(a).equals(bytesOf(b)) || undefined;
  },
]);

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
