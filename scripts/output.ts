import { isSystemError } from '../demos/files/index.ts';

/** A pipe or socket without a reader; a terminal that has hung up. */
const GONE = ['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EIO', 'ERR_STREAM_DESTROYED'] as const;

/**
 * Handles errors of standard output and error, whatever writes to them: unhandled, a reader that
 * has gone would end the program with a stack trace in the middle of its work.
 *
 * @param onGone   the reader of either has gone
 * @param onFailed standard output cannot be written for another reason, such as a full disk; where
 *                 standard error cannot, only remarks are lost
 */
export function watchOutput(onGone: () => void, onFailed: (error: Error) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (isSystemError(error, ...GONE)) onGone();
      else if (stream === process.stdout) onFailed(error);
    });
  }
}
