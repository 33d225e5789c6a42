/** Entry of the child processes: does one piece of work, and ends with it or with its parent. */
import { reportError } from '../error-report.ts';
import { compilePhysicsFor } from './compile-physics.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { type CommandOf, PERFORM, type Work, type WorkContext, type WorkKind } from './work.ts';

const stopping = new AbortController();
/** Takes the commands of the one kind of work that was started here. */
let host: { command(command: never): void } | null = null;
/** Commands that came before it was ready. */
const early: unknown[] = [];

/** @param sent called also where it could not be sent: a parent that has ended reads nothing */
function send(message: FromWorker, sent = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
}

async function start<K extends WorkKind>(kind: K, input: Work[K]['input']): Promise<void> {
  const context: WorkContext<K> = {
    signal: stopping.signal,
    report: (progress) => send({ type: 'progress', progress }),
    onHost: (started) => {
      host = started;
      for (const command of early.splice(0)) started.command(command as CommandOf<K>);
    },
  };
  const leave = () => process.exit(0);
  try {
    await compilePhysicsFor(kind, input);
    send({ type: 'result', result: await PERFORM[kind](input, context) }, leave);
  } catch (error) {
    const report = reportError(error);
    if (report.code === 'internal') console.error(error);
    send({ type: 'error', error: report }, leave);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'start') void start(message.kind, message.input);
  else if (message.type === 'stop') stopping.abort();
  else if (host) host.command(message.command as never);
  else early.push(message.command);
});
// Without a parent the result has no reader.
process.on('disconnect', () => process.exit(0));
// A terminal sends Ctrl-C and hang-ups to the whole group, and a service manager its request to end;
// the parent decides what they mean for this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Nor do remarks end the work that have no reader any more, or that a full disk does not take.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
