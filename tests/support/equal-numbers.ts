import { expect } from 'vitest';

/** What is used of an array of numbers of any type. */
type Numbers = Float64Array & { every(holds: (value: unknown, at: number) => boolean): boolean };

/**
 * Arrays of numbers of one type are equal where each number is the same, 0 and −0 told apart, as `toEqual`
 * has it. By itself it asks for the name of every place in both, which takes seconds for a million numbers. To
 * be imported once in a process.
 */
expect.addEqualityTesters([
  (a: unknown, b: unknown) => {
    if (!isNumbers(a) || !isNumbers(b)) return undefined;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return undefined;
    if (a.length !== b.length) return false;
    return bytesOf(a).equals(bytesOf(b)) || a.every((value, at) => Object.is(value, b[at]));
  },
]);

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
