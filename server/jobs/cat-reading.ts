import type { PicturesToRead } from '../painting/read-cats.ts';
import { limitConcurrency, multiples, untilAborted, worthwhileProcesses } from './parallel.ts';
import { startWork } from './process.ts';
import type { Work } from './work.ts';

export interface ReadingOptions {
  /** Told how many pictures are read. */
  readonly onProgress?: (read: number) => void;
  readonly signal?: AbortSignal;
  /** Child processes at once. @default as many as there are cores, and no more than pay off */
  readonly processes?: number;
}

/** A process takes as long to start as to read so many pictures. */
const PICTURES_OF_A_START = 8;

/**
 * Reads the cats off pictures in child processes.
 *
 * @returns in the order of the pictures
 * @throws ProtocolError 'conflict' where `signal` aborts
 */
export async function readCatsInParallel(
  { size, pictures }: PicturesToRead,
  { onProgress = () => {}, signal, processes }: ReadingOptions = {},
): Promise<Work['read-cats']['result']> {
  const numbers = 3 * size * size;
  const count = pictures.length / numbers;
  const atOnce = processes ?? worthwhileProcesses(count, PICTURES_OF_A_START);
  const share = Math.ceil(count / atOnce);
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
  return (await limitConcurrency(atOnce, tasks, signal)).flat();
}
