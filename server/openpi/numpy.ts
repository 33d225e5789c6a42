/** Arrays as numpy describes them: the bytes, their type and their shape. */

interface NumbersOf {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike): Numbers;
}

/** Array types by numpy's name for them (`dtype.str`), but for half precision, which is read as f4. */
const TYPES = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '|i1': Int8Array,
  '<i2': Int16Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '|u1': Uint8Array,
  '<u2': Uint16Array,
  '<u4': Uint32Array,
  '<u8': BigUint64Array,
  '|b1': Uint8Array,
} as const satisfies Readonly<Record<string, NumbersOf>>;
export type ArrayType = keyof typeof TYPES;
const HALF = '<f2';

/** Of one of these types. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A numpy array, row-major. */
export interface NumpyArray {
  readonly dtype: ArrayType;
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** Axes of an array at most: as many as a batch of sequences of pictures has, and one more. */
const MOST_AXES = 6;

/** Bytes that are no frame of the protocol. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

export function isNumpyArray(value: unknown): value is NumpyArray {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;
}

/** f32 numbers as a frame carries them. */
export function floats(data: Float32Array, shape: readonly number[]): NumpyArray {
  return { dtype: '<f4', shape, data };
}

/** An array's numbers as f32, of whatever type it is. */
export function toFloats({ data }: NumpyArray): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data, Number);
}

/** What was got, as errors say it. */
export function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value !== 'object') return `${value}`.slice(0, 40);
  return isNumpyArray(value) ? 'an array' : Array.isArray(value) ? 'a list' : 'a map';
}

/** numpy's name of a type this protocol carries. */
function typeOf(value: unknown): ArrayType | typeof HALF {
  if (value === HALF) return HALF;
  const known = Object.keys(TYPES).find((each): each is ArrayType => each === value);
  if (known) return known;
  throw new CodecError(
    `dtype: expected one of ${[HALF, ...Object.keys(TYPES)].join(', ')}, got ${nameOf(value)}`,
  );
}

/** @throws CodecError for what describes no array, or not the bytes that are there */
export function readArray(map: ReadonlyMap<string, unknown>): NumpyArray {
  const type = typeOf(map.get('dtype'));
  const shape = readShape(map.get('shape'));
  const bytes = map.get('data');
  if (!(bytes instanceof Uint8Array)) {
    throw new CodecError(`data: expected bytes, got ${nameOf(bytes)}`);
  }
  const size = type === HALF ? 2 : TYPES[type].BYTES_PER_ELEMENT;
  const expected = shape.reduce((product, each) => product * each, size);
  if (bytes.length !== expected) {
    throw new CodecError(
      `data: expected ${expected} bytes for [${shape.join(', ')}] of ${type}, got ${bytes.length}`,
    );
  }
  // `bytes` is a copy of its own, so it begins where any type may.
  if (type === HALF) {
    return {
      dtype: '<f4',
      shape,
      data: Float32Array.from(new Uint16Array(bytes.buffer), fromHalf),
    };
  }
  const Type: NumbersOf = TYPES[type];
  return { dtype: type, shape, data: new Type(bytes.buffer) };
}

function readShape(value: unknown): number[] {
  if (!Array.isArray(value) || value.length > MOST_AXES) {
    throw new CodecError(`shape: expected at most ${MOST_AXES} axes, got ${nameOf(value)}`);
  }
  return value.map((axis: unknown) => {
    if (typeof axis === 'number' && Number.isInteger(axis) && axis >= 0) return axis;
    throw new CodecError(`shape: expected whole numbers, got ${nameOf(axis)}`);
  });
}

/** @throws CodecError likewise */
export function readScalar(map: ReadonlyMap<string, unknown>): number | boolean | bigint {
  typeOf(map.get('dtype'));
  const data = map.get('data');
  if (typeof data === 'number' || typeof data === 'boolean' || typeof data === 'bigint')
    return data;
  throw new CodecError(`data: expected a number, got ${nameOf(data)}`);
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
