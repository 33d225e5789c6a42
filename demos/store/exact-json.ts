/**
 * JSON of plain data that `JSON.parse` turns into the same bits: `JSON.stringify` writes −0 as 0
 * and NaN as null. Keys keep their order, so equal values give equal text.
 *
 * @throws RangeError for numbers that JSON has no word for
 */
export function stringifyExact(value: unknown): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new RangeError(`JSON: expected finite numbers, got ${value}`);
    }
    // Readers that tell integers from floats keep the sign only with the point.
    return Object.is(value, -0) ? '-0.0' : String(value);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyExact).join(',')}]`;
  const fields = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${stringifyExact(v)}`);
  return `{${fields.join(',')}}`;
}
