import { availableParallelism } from 'node:os';
import { StoppedError } from '../protocol/errors.ts';

/** Multiples of `step` below `end`: where parts of that size begin. */
export function multiples(step: number, end: number): number[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step);
}

/**
 * As many child processes as there are cores, where each has enough to do to be worth its start.
 *
 * @param pieces of work, all together
 * @param ofAStart how many of them take as long as a process takes to start
 */
export function worthwhileProcesses(pieces: number, ofAStart: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(pieces / ofAStart)));
}

/** The work's result; its process is ended when the signal aborts. */
export async function untilAborted<T>(
  work: { readonly result: Promise<T>; kill(): void },
  signal: AbortSignal | undefined,
): Promise<T> {
  const kill = () => work.kill();
  signal?.addEventListener('abort', kill);
  try {
    if (signal?.aborted) work.kill();
    return await work.result;
  } catch (error) {
    if (signal?.aborted) throw new StoppedError();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/**
 * Performs tasks, a few at a time. Where one fails no other begins, those under way are told by
 * their signal, and the first error is thrown once all have ended.
 *
 * @param signal from outside; ends all tasks as a failure does
 * @returns results in the order of the tasks
 */
export async function limitConcurrency<T>(
  limit: number,
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal?: AbortSignal,
): Promise<T[]> {
  const failure = new AbortController();
  const ending = AbortSignal.any(signal ? [signal, failure.signal] : [failure.signal]);
  const results: T[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < tasks.length && errors.length === 0; i = next++) {
      try {
        results[i] = await tasks[i](ending);
      } catch (error) {
        errors.push(error);
        failure.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** Of work that ends when it is told to. */
export function untilEnded(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
