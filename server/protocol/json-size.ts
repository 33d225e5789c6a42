/**
 * How long a plain value is as JSON, escapes in texts aside, characters; bytes count as themselves,
 * as they are sent beside it.
 *
 * @returns something beyond `limit` as soon as it is known to be longer
 * @cost that of `limit`, and of listing the keys of one object that goes beyond it
 */
export function jsonSize(value: unknown, limit: number): number {
  let size = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && size <= limit) {
    const here = waiting.pop();
    if (typeof here === 'string') size += here.length + 2;
    else if (here instanceof Uint8Array) size += here.length;
    else if (typeof here !== 'object' || here === null) size += String(here).length;
    else {
      const parts: readonly unknown[] = Array.isArray(here) ? here : Object.values(here);
      // Brackets, and a comma between two.
      size += 2 + Math.max(0, parts.length - 1);
      if (size > limit) return size;
      if (!Array.isArray(here)) for (const key of Object.keys(here)) size += key.length + 3;
      for (const part of parts) waiting.push(part);
    }
  }
  return size;
}
