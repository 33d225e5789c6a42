import { z } from 'zod';

type Key = z.core.$ZodRecordKey;
type Value = z.core.SomeType;

/**
 * Zod's records drop an own key "__proto__", which JSON may have, in silence: what was read would then be
 * another than what was checked. Here it is refused, as any key that does not belong there.
 */
const withoutPrototype = z
  .unknown()
  .refine((value) => typeof value !== 'object' || value === null || !hasPrototype(value), {
    error: 'expected keys that are names, got "__proto__"',
  });

function hasPrototype(value: object): boolean {
  return Object.hasOwn(value, '__proto__');
}

/** Values by name: `z.record` for what is not ours. */
export function recordOf<K extends Key, V extends Value>(key: K, value: V) {
  return withoutPrototype.pipe(z.record(key, value));
}

/** Values by some of the names that a schema lists: `z.partialRecord` for what is not ours. */
export function partialRecordOf<K extends Key, V extends Value>(key: K, value: V) {
  return withoutPrototype.pipe(z.partialRecord(key, value));
}
