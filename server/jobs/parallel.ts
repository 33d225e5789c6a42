import type { WorkKind } from '../lab/work.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { RunningWork } from './process.ts';

/** Multiples of `step` below `end`: where parts of that size begin. */
export function multiples(step: number, end: number): number[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step);
}

/** The work's result; its process is ended when the signal aborts. */
export async function untilAborted<K extends WorkKind>(
  work: RunningWork<K>,
  signal: AbortSignal | undefined,
) {
  const kill = () => work.kill();
  signal?.addEventListener('abort', kill);
  try {
    if (signal?.aborted) work.kill();
    return await work.result;
  } catch (error) {
    if (signal?.aborted) throw new ProtocolError('conflict', 'stopped by request');
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** Performs tasks, a few at a time; results in the order of the tasks. */
export async function limitConcurrency<T>(
  limit: number,
  tasks: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < tasks.length; i = next++) results[i] = await tasks[i]();
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}
