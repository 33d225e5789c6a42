/**
 * One ending for all that can ask for it: Ctrl-C, SIGTERM, a terminal that hangs up, and a reader of the
 * output that has gone. Work under way keeps what it has; without any the program ends at once.
 */
import { StoppedError } from '../server/protocol/errors.ts';
import { EXIT } from './exit.ts';
import { watchOutput } from './output.ts';

/** What asks: a person, who may press again, or the output, which has no reader left. */
export type Asker = 'signal' | 'output';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes on the Ctrl-C that a terminal has sent to the whole group: within this it is one. ms */
const SAME_PRESS = 1000;

/** What to do, for all that is under way. */
const listeners = new Set<(asker: Asker) => void>();
let listening = false;
let asked = false;
let pressedAt = Number.NEGATIVE_INFINITY;

/** Begins to listen, once a process. */
export function listenForEnd(): void {
  if (listening) return;
  listening = true;
  for (const signal of SIGNALS) process.on(signal, press);
  watchOutput(
    () => end('output'),
    (error) => {
      // Only results are written there, and with them a command ends.
      void explain(error).finally(() => process.exit(EXIT.failed));
    },
  );
}

async function explain(error: Error): Promise<void> {
  const { reportError } = await import('../server/error-report.ts');
  process.stderr.write(`error: standard output: ${reportError(error).message}\n`);
}

function press(): void {
  const now = performance.now();
  if (now - pressedAt < SAME_PRESS) return;
  pressedAt = now;
  end('signal');
}

function end(asker: Asker): void {
  asked = true;
  if (listeners.size === 0) process.exit(EXIT.interrupted);
  for (const listener of [...listeners]) listener(asker);
}

/**
 * Until the returned function is called, an end is not the program's at once but `listener`'s to
 * bring about.
 */
export function onEnd(listener: (asker: Asker) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Runs work that can be asked to end: the first time its signal aborts and it keeps what it has; a
 * second Ctrl-C ends the program.
 *
 * @param message what the first one does, for the person who pressed it
 * @throws StoppedError where the end was asked for before it began
 */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (asked) throw new StoppedError();
  const controller = new AbortController();
  const stopListening = onEnd((asker) => {
    if (!controller.signal.aborted) {
      process.stderr.write(`\n${message}\n`);
      controller.abort();
    } else if (asker === 'signal') {
      process.exit(EXIT.interrupted);
    }
  });
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}

/**
 * The work's result, or an end as soon as the signal aborts: for work that keeps nothing, and goes
 * on unheard until the process ends.
 *
 * @throws StoppedError
 */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new StoppedError());
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
