import { EXIT } from './exit.ts';

/**
 * Runs work that can be asked to end: the first Ctrl-C, or a SIGTERM, aborts its signal and it
 * keeps what it has; a second Ctrl-C ends the program.
 *
 * @param message what the first one does, for whoever pressed it
 */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write(`\n${message}\n`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
