/**
 * The first Ctrl-C asks the work to end and keep what it has; the second ends the program.
 */
export function onInterrupt(message: string): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    process.stderr.write(`\n${message}\n`);
    controller.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  return controller.signal;
}
