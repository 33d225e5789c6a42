import fc from 'fast-check';
import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { BOUNDS, decode, encode, type Sendable, type Value } from '../../../server/openpi/codec.ts';
import {
  type ArrayType,
  CodecError,
  floats,
  type NumpyArray,
  toFloats,
} from '../../../server/openpi/numpy.ts';
import { malformed } from '../../support/malformed.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** As openpi_client 0.1.2 packs them with numpy 1.26: `msgpack_numpy.packb(np.array(…))`. */
const ARRAYS: readonly [string, NumpyArray][] = [
  [
    '84c40b5f5f6e6461727261795f5fc3c40464617461c4080000c03f000000c0c4056474797065a33c6634c4057368617065920102',
    floats(Float32Array.of(1.5, -2), [1, 2]),
  ],
  [
    '84c40b5f5f6e6461727261795f5fc3c40464617461c403010203c4056474797065a37c7531c40573686170659103',
    { dtype: '|u1', shape: [3], data: Uint8Array.of(1, 2, 3) },
  ],
  [
    '84c40b5f5f6e6461727261795f5fc3c40464617461c4020100c4056474797065a37c6231c40573686170659102',
    { dtype: '|b1', shape: [2], data: Uint8Array.of(1, 0) },
  ],
  [
    '84c40b5f5f6e6461727261795f5fc3c40464617461c4080000000000000840c4056474797065a33c6638c405736861706590',
    { dtype: '<f8', shape: [], data: Float64Array.of(3) },
  ],
  [
    '84c40b5f5f6e6461727261795f5fc3c40464617461c400c4056474797065a33c6638c4057368617065920003',
    { dtype: '<f8', shape: [0, 3], data: new Float64Array(0) },
  ],
];

describe("an array as Python's numpy packs it", () => {
  it.each(ARRAYS)('%s is read and written to the byte', (packed, array) => {
    expect(decode(bytes(packed))).toEqual(array);
    expect(hex(encode(array))).toBe(packed);
  });

  it('of half precision is read as f32', () => {
    const packed =
      '84c40b5f5f6e6461727261795f5fc3c40464617461c4043f800000c4056474797065a33c6632c4057368617065920102';
    const half = packed.replace('3f800000', '003e00bc');
    expect(decode(bytes(half))).toEqual(floats(Float32Array.of(1.5, -1), [1, 2]));
  });

  it.each([
    ['83c40d5f5f6e7067656e657269635f5fc3c40464617461cb3ff8000000000000c4056474797065a33c6634', 1.5],
    ['83c40d5f5f6e7067656e657269635f5fc3c40464617461cb3ff8000000000000c4056474797065a33c6632', 1.5],
    ['83c40d5f5f6e7067656e657269635f5fc3c40464617461 05c4056474797065a33c6938', 5],
  ])('%s, a scalar, is read as its number', (packed, value) => {
    expect(decode(bytes(packed))).toBe(value);
  });

  it('with keys of text is a map like any other', () => {
    const map = decode(bytes('81ab5f5f6e6461727261795f5fc3'));
    expect(map).toEqual(new Map([['__ndarray__', true]]));
  });

  it('of any numbers gives them as f32', () => {
    expect(toFloats({ dtype: '<i8', shape: [2], data: BigInt64Array.of(3n, -4n) })).toEqual(
      Float32Array.of(3, -4),
    );
  });
});

/** An array of bytes, whatever they are. */
function packedArray(dtype: string, shape: readonly number[], length: number): Uint8Array {
  const key = (name: string) => Buffer.from(name);
  const map = new Map<Buffer, unknown>([
    [key('__ndarray__'), true],
    [key('data'), Buffer.alloc(length)],
    [key('dtype'), dtype],
    [key('shape'), shape],
  ]);
  return new Packr({ useRecords: false }).pack(map);
}

describe('a frame is refused', () => {
  it.each(['>f4', '<U2', '|S3', '|O', '<c8', '|V4', '<M8[ns]', '<f16', '__proto__'])(
    'for an array of %s',
    (dtype) => {
      expect(() => decode(packedArray(dtype, [1], 4))).toThrow(/dtype: expected one of <f2, <f4/);
    },
  );

  it.each<[string, Uint8Array, RegExp]>([
    ['whose array has fewer bytes than its shape', packedArray('<f4', [2], 4), /expected 8 bytes/],
    ['whose array has more', packedArray('<f4', [0], 4), /expected 0 bytes/],
    [
      'whose shape is beyond all numbers',
      packedArray('<f4', [1e9, 1e9, 1e9], 4),
      /expected 4e\+27/,
    ],
    ['whose shape is negative', packedArray('<f4', [-1], 4), /whole numbers, got -1/],
    ['of too many axes', packedArray('<f4', new Array(7).fill(1), 4), /at most 6 axes/],
    ['that is cut off', bytes('93 01 02'), /cut off/],
    ['that goes on', bytes('01 02'), /1 bytes more/],
    ['that is empty', bytes(''), /cut off/],
    ['that declares 4 GiB of bytes', bytes('c6 ffffffff 00'), /expected 4294967295 bytes/],
    ['that declares 4 billion entries', bytes('dd ffffffff 00'), /expected 4294967295 entries/],
    ['that declares 4 billion keys', bytes('df ffffffff 00'), /expected 4294967295 entries/],
    ['with an extension type', bytes('d4 01 00'), /extension/],
    ['of text that is none', bytes('a1 ff'), /UTF-8/],
    ['with a key that is a number', bytes('81 01 02'), /keys of text, got 1/],
    ['nested too deep', Uint8Array.from(new Array(40).fill(0x91)), /depth of at most 12/],
    ['of too many values', encode(new Array(5000).fill(1)), /at most 4096 values/],
  ])('%s', (_, frame, message) => {
    expect(() => decode(frame)).toThrow(CodecError);
    expect(() => decode(frame)).toThrow(message);
  });
});

const DTYPES: readonly ArrayType[] = ['<f4', '<i2', '|u1', '<u8', '|b1'];
const WIDTH = { '<f4': 4, '<i2': 2, '|u1': 1, '<u8': 8, '|b1': 1 } as Record<ArrayType, number>;
const array = fc
  .tuple(fc.constantFrom(...DTYPES), fc.array(fc.nat(3), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((product, each) => product * each, WIDTH[dtype]);
    return fc.uint8Array({ minLength: size, maxLength: size }).map((data) => {
      return decode(new Uint8Array(packedArrayOf(dtype, shape, data))) as NumpyArray;
    });
  });

function packedArrayOf(dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const packed = packedArray(dtype, shape, data.length);
  const at = Buffer.from(packed).indexOf(Buffer.from('data')) + 4 + 2;
  packed.set(data, at);
  return packed;
}

const { sendable } = fc.letrec<{ sendable: Sendable }>((tie) => ({
  sendable: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    array,
    fc.array(tie('sendable'), { maxLength: 20 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('sendable'), { maxKeys: 20 }),
  ),
}));

/** What the other library reads, as ours gives it. */
function asRead(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(asRead);
  if (!(value instanceof Map)) return value;
  return new Map(
    Array.from(value, ([key, each]) => [
      key instanceof Uint8Array ? Buffer.from(key).toString() : key,
      asRead(each),
    ]),
  );
}

/** What ours reads, with arrays as the maps they are. */
function asMaps(value: Value): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (value instanceof Map)
    return new Map(Array.from(value).map(([key, each]) => [key, asMaps(each)]));
  if (Array.isArray(value)) return value.map(asMaps);
  const { dtype, shape, data } = value as NumpyArray;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return new Map<string, unknown>([
    ['__ndarray__', true],
    ['data', raw],
    ['dtype', dtype],
    ['shape', shape],
  ]);
}

it('reads what it writes as another library does', () => {
  const other = new Unpackr({ mapsAsObjects: false, useRecords: false });
  fc.assert(
    fc.property(sendable, (value) => {
      const frame = encode(value);
      expect(asMaps(decode(frame))).toEqual(asRead(other.unpack(frame)));
    }),
    { seed: 1, numRuns: 300 },
  );
});

it('of 10,000 malformed frames reads or refuses each, and throws nothing else', () => {
  const frame = encode({
    actions: floats(new Float32Array(64), [8, 8]),
    server_timing: { infer_ms: 3.5 },
    note: 'näher',
    list: [1, -5, 70_000, [true, null]],
  });
  let refused = 0;
  fc.assert(
    fc.property(malformed(frame), (sent) => {
      try {
        decode(sent);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        refused++;
      }
    }),
    { seed: 17, numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(5000);
});

it('holds what it says of its bounds', () => {
  const nested = (depth: number): Sendable => (depth === 0 ? 1 : [nested(depth - 1)]);
  expect(() => decode(encode(nested(BOUNDS.depth)))).not.toThrow();
  expect(() => decode(encode(nested(BOUNDS.depth + 1)))).toThrow(CodecError);
});
