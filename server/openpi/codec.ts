/**
 * Frames of openpi's protocol: MessagePack in which a numpy array is a map with binary keys. Written out
 * here, because what comes from outside must be bounded before anything is allocated for it.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */

import {
  CodecError,
  isNumpyArray,
  type NumpyArray,
  nameOf,
  readArray,
  readScalar,
} from './numpy.ts';

/** What a frame can hold. Maps are by their keys' text. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | NumpyArray
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/** What a frame may hold. */
export const BOUNDS = {
  /** Of arrays and maps within one another. */
  depth: 12,
  /** Numbers, texts, arrays, maps and their keys together; numbers of a numpy array do not count. */
  nodes: 4096,
} as const;

const text = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a frame.
 *
 * @throws CodecError for bytes that are none, or hold more than `BOUNDS`
 * @cost memory of the frame's own size: no length within it is believed before its bytes are there
 */
export function decode(frame: Uint8Array): Value {
  const reader = new Reader(frame);
  const value = reader.value(0);
  if (reader.left > 0) throw new CodecError(`expected one value, got ${reader.left} bytes more`);
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #nodes = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's slices would share its memory.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  value(depth: number): Value {
    if (++this.#nodes > BOUNDS.nodes) {
      throw new CodecError(`expected at most ${BOUNDS.nodes} values, got more`);
    }
    const tag = this.#uint(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.#map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.#array(tag & 0x0f, depth);
    if (tag < 0xc0) return this.#text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#uint(2 ** (tag - 0xc4))).slice();
      case 0xca:
        return this.#view.getFloat32(this.#skip(4));
      case 0xcb:
        return this.#view.getFloat64(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(2 ** (tag - 0xcc));
      case 0xcf:
        return this.#view.getBigUint64(this.#skip(8));
      case 0xd0:
        return this.#view.getInt8(this.#skip(1));
      case 0xd1:
        return this.#view.getInt16(this.#skip(2));
      case 0xd2:
        return this.#view.getInt32(this.#skip(4));
      case 0xd3:
        return this.#view.getBigInt64(this.#skip(8));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(2 ** (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(2 ** (tag - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(2 ** (tag - 0xdd)), depth);
      default:
        throw new CodecError(`expected no extension types, got byte 0x${tag.toString(16)}`);
    }
  }

  /** Moves on by so many bytes, which must be there; where they begin. */
  #skip(count: number): number {
    if (count > this.left) {
      throw new CodecError(`expected ${count} bytes more, got ${this.left}: the frame is cut off`);
    }
    const at = this.#at;
    this.#at += count;
    return at;
  }

  #take(count: number): Uint8Array {
    const at = this.#skip(count);
    return this.#bytes.subarray(at, at + count);
  }

  #uint(size: number): number {
    const at = this.#skip(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return text.decode(bytes);
    } catch {
      throw new CodecError('expected text in UTF-8, got other bytes');
    }
  }

  /** @param perEntry bytes that the smallest entry takes: one that is not there is not believed */
  #enter(count: number, depth: number, perEntry: number): void {
    if (depth >= BOUNDS.depth) throw new CodecError(`expected a depth of at most ${BOUNDS.depth}`);
    if (count * perEntry > this.left) {
      throw new CodecError(
        `expected ${count} entries, got ${this.left} bytes: the frame is cut off`,
      );
    }
  }

  #array(count: number, depth: number): Value[] {
    this.#enter(count, depth, 1);
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }

  #map(count: number, depth: number): Value {
    this.#enter(count, depth, 2);
    const map = new Map<string, Value>();
    let binary = false;
    for (let i = 0; i < count; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' && !(key instanceof Uint8Array)) {
        throw new CodecError(`expected keys of text, got ${nameOf(key)}`);
      }
      // numpy's keys are bytes, so that no text of a map can be taken for them.
      binary ||= key instanceof Uint8Array;
      map.set(typeof key === 'string' ? key : latin(key), this.value(depth + 1));
    }
    if (binary && map.has('__ndarray__')) return readArray(map);
    if (binary && map.has('__npgeneric__')) return readScalar(map);
    return map;
  }
}

/** Keys of bytes as text; numpy's are of ASCII. */
function latin(bytes: Uint8Array): string {
  if (bytes.length > 64)
    throw new CodecError(`expected keys of at most 64 bytes, got ${bytes.length}`);
  return String.fromCharCode(...bytes);
}

/** What a map to be sent may hold; what is undefined is left out. */
export type Sendable =
  | Exclude<Value, ReadonlyMap<string, Value> | readonly Value[] | bigint>
  | readonly Sendable[]
  | { readonly [key: string]: Sendable | undefined };

/** Writes a frame, as Python's msgpack does: whole numbers as short as they can be, others as f64. */
export function encode(value: Sendable): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Sendable, parts: Uint8Array[]): void {
  if (value === null) parts.push(Uint8Array.of(0xc0));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xc3 : 0xc2));
  else if (typeof value === 'number') parts.push(numberBytes(value));
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head(bytes.length, TEXT), bytes);
  } else if (value instanceof Uint8Array) {
    parts.push(head(value.length, BYTES), value);
  } else if (isList(value)) {
    parts.push(head(value.length, LIST));
    for (const each of value) write(each, parts);
  } else if (isNumpyArray(value)) writeArray(value, parts);
  else {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    parts.push(head(entries.length, MAP));
    for (const [key, each] of entries) {
      write(key, parts);
      write(each ?? null, parts);
    }
  }
}

function isList(value: object): value is readonly Sendable[] {
  return Array.isArray(value);
}

function writeArray({ dtype, shape, data }: NumpyArray, parts: Uint8Array[]): void {
  parts.push(head(4, MAP));
  const put = (key: string, value: Sendable) => {
    write(Buffer.from(key), parts);
    write(value, parts);
  };
  put('__ndarray__', true);
  put('data', new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  put('dtype', dtype);
  put('shape', shape);
}

interface Tags {
  /** Of lengths that fit into the tag itself, and how many they are. */
  readonly short: number;
  readonly shorts: number;
  /** With a length of one byte, where there is such a tag, of two, of four. */
  readonly byte?: number;
  readonly word: number;
  readonly long: number;
}
const TEXT: Tags = { short: 0xa0, shorts: 32, byte: 0xd9, word: 0xda, long: 0xdb };
const BYTES: Tags = { short: 0, shorts: 0, byte: 0xc4, word: 0xc5, long: 0xc6 };
const LIST: Tags = { short: 0x90, shorts: 16, word: 0xdc, long: 0xdd };
const MAP: Tags = { short: 0x80, shorts: 16, word: 0xde, long: 0xdf };

/** The tag of what has a length, and the length. */
function head(length: number, { short, shorts, byte, word, long }: Tags): Uint8Array {
  if (length < shorts) return Uint8Array.of(short | length);
  if (byte !== undefined && length < 0x100) return Uint8Array.of(byte, length);
  if (length < 0x10000) return Uint8Array.of(word, length >> 8, length & 0xff);
  const bytes = new Uint8Array(5);
  bytes[0] = long;
  new DataView(bytes.buffer).setUint32(1, length);
  return bytes;
}

function numberBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  const whole = Number.isInteger(value) && !Object.is(value, -0);
  if (whole && value >= 0 && value < 0x80) return Uint8Array.of(value);
  if (whole && value < 0 && value >= -32) return Uint8Array.of(value + 0x100);
  const put = (tag: number, size: number, set: () => void) => {
    bytes[0] = tag;
    set();
    return bytes.subarray(0, 1 + size);
  };
  if (whole && value >= 0) {
    if (value < 0x100) return put(0xcc, 1, () => view.setUint8(1, value));
    if (value < 0x10000) return put(0xcd, 2, () => view.setUint16(1, value));
    if (value < 2 ** 32) return put(0xce, 4, () => view.setUint32(1, value));
  } else if (whole) {
    if (value >= -0x80) return put(0xd0, 1, () => view.setInt8(1, value));
    if (value >= -0x8000) return put(0xd1, 2, () => view.setInt16(1, value));
    if (value >= -(2 ** 31)) return put(0xd2, 4, () => view.setInt32(1, value));
  }
  return put(0xcb, 8, () => view.setFloat64(1, value));
}
