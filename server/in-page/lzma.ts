/**
 * LZMA's way of packing: copies of what went before, and bytes, in a range coder. WebAssembly becomes
 * two thirds of what gzip makes of it, which is the most that browsers unpack themselves.
 *
 * @see the LZMA specification by Pavlov, public domain. One length of contexts, no file header
 */
import { probabilities, RangeDecoder } from './range-coder.ts';

/** Shortest copy, and the longest. */
export const SHORTEST = 2;
export const LONGEST = 273;

/** Bits of a position that contexts know, and of the byte before that a byte's context knows. */
const POSITION_BITS = 2;
const BEFORE_BITS = 3;
const STATES = 12;
const LITERAL = 0x300;
/** Slots of distances from which on part of their bits is plain, and bits that then are not. */
const MODELLED_SLOTS = 14;
const ALIGN_BITS = 4;

/** What the range coder does with a bit: decodes it, or encodes the one it is given. */
export type Bit = (of: Uint16Array, context: number, bit: number) => number;
export type Plain = (count: number, value: number) => number;

class Lengths {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(8 << POSITION_BITS);
  readonly #middle = probabilities(8 << POSITION_BITS);
  readonly #high = probabilities(256);

  pass(bit: Bit, position: number, length: number): number {
    const value = length - SHORTEST;
    const at = (position & ((1 << POSITION_BITS) - 1)) << 3;
    if (bit(this.#choice, 0, Number(value >= 8)) === 0) {
      return SHORTEST + tree(bit, this.#low, at, 3, value);
    }
    if (bit(this.#choice, 1, Number(value >= 16)) === 0) {
      return SHORTEST + 8 + tree(bit, this.#middle, at, 3, value - 8);
    }
    return SHORTEST + 16 + tree(bit, this.#high, 0, 8, value - 16);
  }
}

/** A symbol of several bits, the highest first, each in the context of those before. */
function tree(bit: Bit, of: Uint16Array, at: number, bits: number, value: number): number {
  let node = 1;
  for (let i = bits - 1; i >= 0; i--) node = (node << 1) | bit(of, at + node, (value >> i) & 1);
  return node - (1 << bits);
}

/** The same, the lowest first. */
function reverseTree(bit: Bit, of: Uint16Array, at: number, bits: number, value: number): number {
  let node = 1;
  let got = 0;
  for (let i = 0; i < bits; i++) {
    const each = bit(of, at + node, (value >> i) & 1);
    node = (node << 1) | each;
    got |= each << i;
  }
  return got;
}

/** A byte, or a copy of `length` bytes from `distance` before; one of the last four, if `repeat` is. */
export interface Passed {
  readonly length: number;
  readonly distance: number;
  /** Place among the last four distances, the newest first; −1 for none of them. */
  readonly repeat: number;
}

/** What both sides know of what has passed. */
export class Model {
  readonly #isMatch = probabilities(STATES << POSITION_BITS);
  readonly #isRepeat = probabilities(STATES);
  readonly #isLater = [probabilities(STATES), probabilities(STATES), probabilities(STATES)];
  readonly #isLong = probabilities(STATES << POSITION_BITS);
  readonly #literals = probabilities(LITERAL << BEFORE_BITS);
  readonly #slots = probabilities(4 << 6);
  readonly #distances = probabilities(MODELLED_SLOTS << 6);
  readonly #align = probabilities(1 << ALIGN_BITS);
  readonly #lengths = new Lengths();
  readonly #repeatLengths = new Lengths();
  readonly recent: [number, number, number, number] = [1, 1, 1, 1];
  #state = 0;

  /**
   * @param bytes that are known, or being decoded
   * @param at    place of the symbol
   * @param given to be encoded; of any kind where it is decoded
   * @returns bytes to copy from the newest of `recent`; 0 for a byte, which is then in its place
   */
  pass(bit: Bit, plain: Plain, bytes: Uint8Array, at: number, given: Passed): number {
    const place = (this.#state << POSITION_BITS) | (at & ((1 << POSITION_BITS) - 1));
    if (bit(this.#isMatch, place, Number(given.length > 0)) === 0) {
      this.#literal(bit, bytes, at);
      return 0;
    }
    const { recent } = this;
    let length: number;
    const afterByte = this.#state < 7;
    if (bit(this.#isRepeat, this.#state, Number(given.repeat >= 0)) === 0) {
      length = this.#lengths.pass(bit, at, given.length);
      this.#state = afterByte ? 7 : 10;
      const distance = this.#distance(bit, plain, length, given.distance);
      this.#renew(3, distance);
    } else {
      let which = 0;
      while (
        which < 3 &&
        bit(this.#isLater[which], this.#state, Number(given.repeat > which)) === 1
      ) {
        which++;
      }
      if (which === 0 && bit(this.#isLong, place, Number(given.length > 1)) === 0) {
        this.#state = afterByte ? 9 : 11;
        length = 1;
      } else {
        this.#renew(which, recent[which]);
        length = this.#repeatLengths.pass(bit, at, given.length);
        this.#state = afterByte ? 8 : 11;
      }
    }
    return length;
  }

  /** Those before a place move back by one. */
  #renew(place: number, distance: number): void {
    for (let i = place; i > 0; i--) this.recent[i] = this.recent[i - 1];
    this.recent[0] = distance;
  }

  #literal(bit: Bit, bytes: Uint8Array, at: number): void {
    const before = at > 0 ? bytes[at - 1] >> (8 - BEFORE_BITS) : 0;
    const base = before * LITERAL;
    const value = bytes[at];
    let node = 1;
    let i = 7;
    if (this.#state >= 7) {
      // What a copy would have brought is not it, but it may begin alike.
      const copied = bytes[at - this.recent[0]];
      for (; i >= 0; i--) {
        const expected = (copied >> i) & 1;
        const got = bit(this.#literals, base + ((1 + expected) << 8) + node, (value >> i) & 1);
        node = (node << 1) | got;
        if (got !== expected) {
          i--;
          break;
        }
      }
    }
    for (; i >= 0; i--) {
      node = (node << 1) | bit(this.#literals, base + node, (value >> i) & 1);
    }
    bytes[at] = node & 0xff;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #distance(bit: Bit, plain: Plain, length: number, given: number): number {
    const value = given - 1;
    const context = Math.min(length - SHORTEST, 3);
    const slot = tree(bit, this.#slots, context << 6, 6, slotOf(value));
    if (slot < 4) return slot + 1;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    const rest = value - base;
    if (slot < MODELLED_SLOTS) {
      return base + reverseTree(bit, this.#distances, slot << 6, bits, rest) + 1;
    }
    const high = plain(bits - ALIGN_BITS, Math.floor(rest / (1 << ALIGN_BITS)));
    const low = reverseTree(bit, this.#align, 0, ALIGN_BITS, rest & ((1 << ALIGN_BITS) - 1));
    return base + high * (1 << ALIGN_BITS) + low + 1;
  }
}

/** Twice the place of a distance's highest bit, and the one behind it. */
function slotOf(value: number): number {
  if (value < 4) return Math.max(0, value);
  const top = 31 - Math.clz32(value);
  return (top << 1) | ((value >>> (top - 1)) & 1);
}

const ANYTHING: Passed = { length: 0, distance: 1, repeat: -1 };

/** First bytes of what `scripts/static/lzma-encoder.ts` has packed, then size and sum, 4 bytes each. */
export const MAGIC = [0x4c, 0x5a, 0x46, 0x50] as const;
export const HEADER = 12;

/** FNV-1a, by which damage is known. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0x811c_9dc5;
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i], 0x0100_0193);
  return sum >>> 0;
}

/**
 * @param most bytes that may come of it
 * @throws RangeError where it is cut off, damaged, or of more bytes
 * @cost 1 s for 10 MB
 */
export function unpackLzma(packed: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const header = new DataView(packed.buffer, packed.byteOffset, HEADER);
  const size = header.getUint32(4, true);
  if (size > most) throw new RangeError(`expected at most ${most} bytes, got a file of ${size}`);
  const decoder = new RangeDecoder(packed.subarray(HEADER));
  const model = new Model();
  const bit: Bit = (of, context) => decoder.bit(of, context);
  const plain: Plain = (count) => decoder.plain(count);
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const length = model.pass(bit, plain, bytes, at, ANYTHING);
    const from = at - model.recent[0];
    if (length > 0 && (from < 0 || at + length > size)) throw damaged();
    for (let i = 0; i < length; i++) bytes[at + i] = bytes[from + i];
    at += Math.max(1, length);
  }
  if (sumOf(bytes) !== header.getUint32(8, true)) throw damaged();
  return bytes;
}

function damaged(): RangeError {
  return new RangeError('expected a packed file as it was made, got a damaged one');
}
