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

  /** Copies of more and more bytes, each from as near as it can be had. */
  copies(at: number): readonly Passed[] {
    if (at + 3 > this.#bytes.length) return [];
    const found: Passed[] = [];
    let longest = SHORTEST;
    let from = this.#head[this.#hash(at)];
    for (let i = 0; i < DEPTH && from >= 0; i++, from = this.#before[from]) {
      const length = lengthOf(this.#bytes, at, from);
      if (length <= longest) continue;
      found.push({ length, distance: at - from, repeat: -1 });
      longest = length;
      if (length >= ENOUGH) break;
    }
    return found;
  }
}

function lengthOf(bytes: Uint8Array, at: number, from: number): number {
  const most = Math.min(LONGEST, bytes.length - at);
  let length = 0;
  while (length < most && bytes[from + length] === bytes[at + length]) length++;
  return length;
}

/** What symbols cost, bits: as they come out on WebAssembly, to choose by. */
const COST = { byte: 6.3, match: 2.2, repeat: [3, 4.5, 5.5, 5.5], again: 4 } as const;

function lengthCost(length: number): number {
  return length < SHORTEST + 8 ? 3.2 : length < SHORTEST + 16 ? 4.8 : 8;
}

function distanceCost(distance: number): number {
  return 4.2 + (distance > 4 ? 30 - Math.clz32(distance - 1) : 0);
}

/** Places ahead of which the cheapest way is sought. */
const AHEAD = 4096;

type Recent = readonly [number, number, number, number];

/** A place on the way, and the cheapest symbol that leads there. */
interface Step {
  cost: number;
  from: number;
  symbol: Passed;
  recent: Recent;
}

/** The cheapest symbols from a place on, by what they cost on average. */
function cheapest(
  bytes: Uint8Array,
  begin: number,
  recent: Recent,
  copiesAt: (at: number) => readonly Passed[],
): Passed[] {
  const end = Math.min(AHEAD, bytes.length - begin);
  const steps: (Step | undefined)[] = [{ cost: 0, from: -1, symbol: BYTE, recent }];
  const reach = (from: number, symbol: Passed, cost: number) => {
    const to = from + Math.max(1, symbol.length);
    const known = steps[to];
    if (!known || cost < known.cost) {
      steps[to] = {
        cost,
        from,
        symbol,
        recent: recentAfter(steps[from]?.recent ?? recent, symbol),
      };
    }
  };
  let i = 0;
  for (; i < end; i++) {
    const { cost, recent: now } = steps[i] as Step;
    const at = begin + i;
    reach(i, BYTE, cost + COST.byte);
    let long: Passed | null = null;
    now.forEach((distance, repeat) => {
      if (distance > at) return;
      const length = lengthOf(bytes, at, at - distance);
      if (repeat === 0 && length > 0) reach(i, { length: 1, distance, repeat }, cost + COST.again);
      if (length >= ENOUGH && !long) long = { length, distance, repeat };
      const most = Math.min(length, end - i);
      for (let n = SHORTEST; n <= most; n++) {
        reach(i, { length: n, distance, repeat }, cost + COST.repeat[repeat] + lengthCost(n));
      }
    });
    const copies = copiesAt(at);
    const last = copies.at(-1);
    if (!long && last && last.length >= ENOUGH) long = last;
    if (long) {
      const symbol: Passed = long;
      steps.length = i + 1;
      reach(i, symbol, cost);
      i += symbol.length;
      break;
    }
    let n = SHORTEST + 1;
    for (const { length, distance } of copies) {
      const price = cost + COST.match + distanceCost(distance);
      const most = Math.min(length, end - i);
      for (; n <= most; n++) reach(i, { length: n, distance, repeat: -1 }, price + lengthCost(n));
    }
  }
  const symbols: Passed[] = [];
  for (let step = steps[i]; step && step.from >= 0; step = steps[step.from])
    symbols.push(step.symbol);
  return symbols.reverse();
}

/** As `Model` keeps them. */
function recentAfter(recent: Recent, { length, distance, repeat }: Passed): Recent {
  if (length === 0 || repeat === 0) return recent;
  const others = repeat < 0 ? recent : recent.filter((_, place) => place !== repeat);
  return [distance, others[0], others[1], others[2]];
}

/** @cost about 3 s a megabyte */
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
  const copiesAt = (at: number) => {
    for (; added < at; added++) places.add(added);
    return places.copies(at);
  };
  for (let at = 0; at < bytes.length; ) {
    for (const symbol of cheapest(bytes, at, [...model.recent], copiesAt)) {
      model.pass(bit, plain, bytes, at, symbol);
      at += Math.max(1, symbol.length);
    }
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
