/** A module of one function that takes SIMD to compile: i8x16.popcnt(i8x16.splat(0)). */
const MODULE = [
  [0, 97, 115, 109, 1, 0, 0, 0],
  [1, 5, 1, 96, 0, 1, 123],
  [3, 2, 1, 0],
  [10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
];

/** Whether WebAssembly is there, and computes with several numbers at once: the engine needs it. */
export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(Uint8Array.from(MODULE.flat()));
}
