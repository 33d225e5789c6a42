import type { KernelOp, VectorTail } from './tail.ts';

/** Name of the module's function, and of what it imports. */
export const RUN = 'run';
export const MEMORY = 'memory';

/** Opcodes, from the specifications of WebAssembly and of its fixed-width vectors. */
const CODE = {
  block: { loop: 0x03, end: 0x0b, branchIf: 0x0d, none: 0x40 },
  local: { get: 0x20, set: 0x21, tee: 0x22 },
  i32: { const: 0x41, add: 0x6a, lessThan: 0x49 },
  /** Behind the prefix. */
  v128: { load: 0, loadSplat: 9, store: 11 },
} as const;
const F32X4: Readonly<Record<KernelOp, number>> = {
  Sqrt: 227,
  Add: 228,
  Sub: 229,
  Mul: 230,
  Div: 231,
};
const VECTOR_PREFIX = 0xfd;
const TYPE = { i32: 0x7f, v128: 0x7b, function: 0x60 } as const;
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * A tail as a WebAssembly module: a loop that reads four numbers of each vector, does all steps and
 * writes four of each output, so that memory is passed once. Each operation rounds as the same one
 * does in ONNX Runtime: the bits are the same.
 *
 * The function takes the address of each vector, of each output, and the length of all of them in
 * bytes, a multiple of 16. Scalars and then constants lie at the beginning of the memory. Outputs may lie where
 * vectors do.
 */
export function assemble({
  vectors,
  scalars,
  constants,
  steps,
  outputs,
}: VectorTail): Uint8Array<ArrayBuffer> {
  const numbers = scalars + constants.length;
  const addresses = vectors.length + outputs.length;
  const [length, at] = [addresses, addresses + 1];
  /** Local variable that holds an operand. */
  const operand = (i: number) => addresses + 2 + i;
  const locals = vectors.length + numbers + steps.length;
  const address = (i: number) => [...get(i), ...get(at), CODE.i32.add];
  const body = [
    ...range(numbers).flatMap((i) => [
      ...[CODE.i32.const, ...signed(4 * i), ...vector(CODE.v128.loadSplat), 2, 0],
      ...set(operand(vectors.length + i)),
    ]),
    ...[CODE.block.loop, CODE.block.none],
    ...vectors.flatMap((_, i) => [
      ...[...address(i), ...vector(CODE.v128.load), 4, 0],
      ...set(operand(i)),
    ]),
    ...steps.flatMap(({ op, of }, i) => [
      ...[...of.flatMap((each) => get(operand(each))), ...vector(F32X4[op])],
      ...set(operand(vectors.length + numbers + i)),
    ]),
    ...outputs.flatMap(({ of }, i) => [
      ...[...address(vectors.length + i), ...get(operand(of))],
      ...[...vector(CODE.v128.store), 4, 0],
    ]),
    ...[...get(at), CODE.i32.const, 16, CODE.i32.add, CODE.local.tee, ...unsigned(at)],
    ...[...get(length), CODE.i32.lessThan, CODE.block.branchIf, 0],
    ...[CODE.block.end, CODE.block.end],
  ];
  const declared = list([
    [1, TYPE.i32],
    [...unsigned(locals), TYPE.v128],
  ]);
  const code = [...declared, ...body];
  const type = [TYPE.function, ...list(range(addresses + 1).map(() => [TYPE.i32])), 0];
  const memory = [...text(MEMORY), ...text(MEMORY), 2, 0, 1];
  return Uint8Array.from([
    ...HEADER,
    ...section(SECTION.type, [type]),
    ...section(SECTION.import, [memory]),
    ...section(SECTION.function, [[0]]),
    ...section(SECTION.export, [[...text(RUN), 0, 0]]),
    ...section(SECTION.code, [[...unsigned(code.length), ...code]]),
  ]);
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const get = (local: number) => [CODE.local.get, ...unsigned(local)];
const set = (local: number) => [CODE.local.set, ...unsigned(local)];
const vector = (opcode: number) => [VECTOR_PREFIX, ...unsigned(opcode)];
const list = (items: readonly number[][]) => [...unsigned(items.length), ...items.flat()];

function text(characters: string): number[] {
  return list(Array.from(new TextEncoder().encode(characters), (byte) => [byte]));
}

function section(id: number, items: readonly number[][]): number[] {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128 of a whole number that is not negative. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}

/** The same as of one that might be negative: its highest bit is a sign. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value % 0x80) | 0x80, ...signed(Math.floor(value / 0x80))];
}
