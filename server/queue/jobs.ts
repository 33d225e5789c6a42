/** What jobs of all kinds have in common: their names, and how they end without a result. */
import { z } from 'zod';
import type { ErrorReport } from '../protocol/errors.ts';

const failureSchema = z.object({ code: z.string(), message: z.string() });
const refusalSchema = z.object({ refused: failureSchema });
/** Where pg-boss itself ended a job. */
const endedSchema = z.object({ value: z.object({ message: z.string() }) });
const unfinishedSchema = z.object({ unfinished: z.literal(true) });

/** A job is named by its content: 128 bits of a SHA-256, as the UUID that a queue asks for. */
export function jobIdOf(digest: string): string {
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Of a job that no worker could do: it is settled by that. */
export function encodeRefusal(error: ErrorReport): object {
  return { refused: error };
}

/** Why every worker would refuse a job, by what it gave; null where it gave something else. */
export function refusalOf(output: unknown): string | null {
  return refusalSchema.safeParse(output).data?.refused.message ?? null;
}

/** Of a job that was put down where it was, for another to go on with. */
export const UNFINISHED: object = { unfinished: true };

export function isUnfinished(output: unknown): boolean {
  return unfinishedSchema.safeParse(output).success;
}

/** Why a job failed for good, in a sentence. */
export function reasonOf(output: unknown): string {
  const failure = failureSchema.safeParse(output).data?.message;
  const ended = endedSchema.safeParse(output).data?.value.message;
  if (failure !== undefined) return failure;
  if (ended !== undefined) {
    return (
      `each worker that took it was gone before its end (${ended}), as one that is killed for its ` +
      'memory: see what they said, and run it again'
    );
  }
  return 'nobody said why';
}
