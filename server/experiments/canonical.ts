import { sha256 } from '../../demos/files/index.ts';

/**
 * JSON of plain data as one text for equal values: keys in order, without space; what is undefined is
 * left out. −0 is 0.
 *
 * @throws RangeError for numbers that JSON has no word for
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`JSON: expected finite numbers, got ${value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** Sha-256 of plain data, in hexadecimal: equal for equal values, however their keys are ordered. */
export function digestOfData(value: unknown): string {
  return sha256(canonicalJson(value));
}
