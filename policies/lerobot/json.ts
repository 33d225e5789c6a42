import type { z } from 'zod';
import { explainIssues } from '../config/issues.ts';
import { LeRobotError, refuse } from './error.ts';

/**
 * A JSON file that fits a schema.
 *
 * @param cure what to do about one that does not
 * @throws LeRobotError
 */
export function readJson<T>(
  file: string,
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  cure: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LeRobotError(`${file}: expected JSON, got something else; ${cure}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuse(file, 'other values', explainIssues(parsed.error), cure);
}
