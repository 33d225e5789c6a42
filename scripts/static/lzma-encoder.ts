import {
  type Bit,
  HEADER,
  LONGEST,
  MAGIC,
  Model,
  type Passed,
  type Plain,
  SHORTEST,
  sumOf,
} from '../../server/in-page/lzma.ts';
import { RangeEncoder } from '../../server/in-page/range-coder.ts';

/** Places looked at for a copy. */
const DEPTH = 48;
/** A copy as long is taken as it is. */
const ENOUGH = 64;
const HASH_BITS = 18;
/** A copy of two bytes pays from nearby only, one of three from less far away. */
const FARTHEST = [0, 0, 1 << 7, 1 << 14] as const;
const BYTE: Passed = { length: 0, distance: 1, repeat: -1 };

/** Where the same three bytes have stood before. */
class Places {
  readonly #bytes: Uint8Array;
  readonly #head = new Int32Array(1 << HASH_BITS).fill(-1);
  readonly #before: Int32Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#before = new Int32Array(bytes.length);
  }

  #hash(at: number): number {
    const b = this.#bytes;
    return (
      Math.imul(b[at] | (b[at + 1] << 8) | (b[at + 2] << 16), 0x9e37_79b1) >>> (32 - HASH_BITS)
    );
  }

  add(at: number): void {
    if (at + 3 > this.#bytes.length) return;
    const hash = this.#hash(at);
    this.#before[at] = this.#head[hash];
    this.#head[hash] = at;
  }

  /** The longest copy that pays. */
  longest(at: number): Passed {
    if (at + 3 > this.#bytes.length) return BYTE;
    let best = BYTE;
    let from = this.#head[this.#hash(at)];
    for (let i = 0; i < DEPTH && from >= 0; i++, from = this.#before[from]) {
      const length = lengthOf(this.#bytes, at, from);
      const distance = at - from;
      if (length < SHORTEST || length <= best.length) continue;
      if (length < FARTHEST.length && distance > FARTHEST[length]) continue;
      best = { length, distance, repeat: -1 };
      if (length >= ENOUGH) break;
    }
    return best;
  }
}

function lengthOf(bytes: Uint8Array, at: number, from: number): number {
  const most = Math.min(LONGEST, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length++;
  return length;
}

/** What to pass next: a copy from where the last ones came from costs least. */
function choose(bytes: Uint8Array, at: number, model: Model, found: Passed): Passed {
  let best = BYTE;
  model.recent.forEach((distance, repeat) => {
    if (distance > at) return;
    const length = lengthOf(bytes, at, at - distance);
    if (length >= SHORTEST && length > best.length) best = { length, distance, repeat };
  });
  const far = found.distance > 1 << 12 ? 2 : 1;
  return best.length > 0 && best.length + far >= found.length ? best : found;
}

/** @cost about a second a megabyte */
export function packLzma(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new RangeEncoder();
  const model = new Model();
  const places = new Places(bytes);
  const bit: Bit = (of, context, value) => {
    encoder.bit(of, context, value);
    return value;
  };
  const plain: Plain = (count, value) => {
    encoder.plain(value, count);
    return value;
  };
  let added = 0;
  const look = (at: number) => {
    for (; added < at; added++) places.add(added);
    return choose(bytes, at, model, places.longest(at));
  };
  let next = look(0);
  for (let at = 0; at < bytes.length; ) {
    let chosen = next;
    // A byte first, where a longer copy begins right behind it.
    if (chosen.length > 0 && chosen.length < ENOUGH && at + 1 < bytes.length) {
      if (look(at + 1).length > chosen.length) chosen = BYTE;
    }
    model.pass(bit, plain, bytes, at, chosen);
    at += Math.max(1, chosen.length);
    if (at < bytes.length) next = look(at);
  }
  const packed = encoder.finish();
  const all = new Uint8Array(HEADER + packed.length);
  all.set(MAGIC);
  const header = new DataView(all.buffer);
  header.setUint32(4, bytes.length, true);
  header.setUint32(8, sumOf(bytes), true);
  all.set(packed, HEADER);
  return all;
}
