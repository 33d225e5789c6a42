import { availableParallelism } from 'node:os';
import type { PicturesToRead } from '../painting/read-cats.ts';
import { limitConcurrency, multiples, untilAborted } from './parallel.ts';
import { startWork } from './process.ts';
import type { Work } from './work.ts';

export interface ReadingOptions {
  /** Told how many pictures are read. */
  readonly onProgress?: (read: number) => void;
  readonly signal?: AbortSignal;
  /** Child processes at once. @default as many as there are cores */
  readonly processes?: number;
}

/**
 * Reads the cats off pictures in child processes.
 *
 * @returns in the order of the pictures
 * @throws ProtocolError 'conflict' where `signal` aborts
 */
export async function readCatsInParallel(
  { size, pictures }: PicturesToRead,
  { onProgress = () => {}, signal, processes = availableParallelism() }: ReadingOptions = {},
): Promise<Work['read-cats']['result']> {
  const numbers = 3 * size * size;
  const share = Math.ceil(pictures.length / numbers / processes);
  if (share === 0) return [];
  const shares = multiples(share * numbers, pictures.length).map((from) =>
    pictures.slice(from, from + share * numbers),
  );
  const read = shares.map(() => 0);
  const tasks = shares.map((some, i) => (ending: AbortSignal) => {
    const work = startWork('read-cats', { size, pictures: some }, (count) => {
      read[i] = count;
      onProgress(read.reduce((sum, each) => sum + each));
    });
    return untilAborted(work, ending);
  });
  return (await limitConcurrency(processes, tasks, signal)).flat();
}
