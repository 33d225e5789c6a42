/** A terminal's Ctrl-C, and what a service manager or `kill` sends. */
const REQUESTS_TO_END = ['SIGINT', 'SIGTERM'] as const;

/**
 * The first Ctrl-C or SIGTERM asks the work to end and keep what it has; the second ends the
 * program.
 */
export function onInterrupt(message: string): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    for (const signal of REQUESTS_TO_END) {
      process.off(signal, interrupt);
      process.once(signal, () => process.exit(130));
    }
    process.stderr.write(`\n${message}\n`);
    controller.abort();
  };
  for (const signal of REQUESTS_TO_END) process.on(signal, interrupt);
  return controller.signal;
}
