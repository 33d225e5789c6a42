import { isSystemError } from '../demos/files/index.ts';

/** A pipe or socket that nobody reads any more; a terminal that has hung up. */
const GONE = ['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EIO', 'ERR_STREAM_DESTROYED'] as const;

/**
 * Hears what becomes of everything written to standard output and error, by whom and whenever:
 * unheard, a reader that has gone would end the program with a stack in the middle of its work.
 *
 * @param onGone   the reader of either has gone
 * @param onFailed standard output cannot be written for another reason, such as a full disk; where
 *                 standard error cannot, nobody can be told and nothing is lost but remarks
 */
export function watchOutput(onGone: () => void, onFailed: (error: Error) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (isSystemError(error, ...GONE)) onGone();
      else if (stream === process.stdout) onFailed(error);
    });
  }
}
