/** What frames of clients and servers hold, read with suspicion. */
import { ProtocolError } from '../protocol/errors.ts';
import { decode, type Value } from './codec.ts';
import { CodecError, isNumpyArray, type NumpyArray, nameOf } from './numpy.ts';

export type Fields = ReadonlyMap<string, Value>;

export function refused(message: string): ProtocolError {
  return new ProtocolError('invalid-request', message);
}

/**
 * @param what a request is a map of, for what is said of another
 * @throws ProtocolError 'invalid-request' for a frame that holds no map
 */
export function readFields(frame: Uint8Array, what: string): Fields {
  try {
    const value = decode(frame);
    if (value instanceof Map) return value;
    throw refused(`expected a map of ${what}, got ${nameOf(value)}`);
  } catch (error) {
    if (error instanceof CodecError) throw refused(`expected MessagePack: ${error.message}`);
    throw error;
  }
}

/**
 * @param shapes any of which it may have
 * @throws ProtocolError 'invalid-request' for what is no array, or of another shape
 */
export function arrayOf(
  fields: Fields,
  key: string,
  shapes: readonly (readonly number[])[],
): NumpyArray {
  const value = fields.get(key);
  const fits = (array: NumpyArray) =>
    shapes.some(
      (shape) =>
        shape.length === array.shape.length && shape.every((size, i) => size === array.shape[i]),
    );
  if (isNumpyArray(value) && fits(value)) return value;
  const got = isNumpyArray(value) ? `[${value.shape.join(', ')}]` : nameOf(value);
  const expected = shapes.map((shape) => `[${shape.join(', ')}]`).join(' or ');
  throw refused(`${key}: expected an array ${expected}, got ${got}`);
}

/** @throws ProtocolError 'invalid-request' for numbers that are not finite */
export function finite(key: string, values: Float32Array): Float32Array {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  throw refused(`${key}: expected finite numbers, got ${values[at]} at ${at}`);
}

/** A value as schemas read it; arrays are left out. */
export function plainOf(value: Value): unknown {
  if (value instanceof Map) {
    return Object.fromEntries(Array.from(value, ([key, each]) => [key, plainOf(each)]));
  }
  if (Array.isArray(value)) return value.map(plainOf);
  return isNumpyArray(value) ? undefined : value;
}
