import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { ProtocolError } from '../protocol/errors.ts';
import { PACKAGE_ROOT } from '../storage/package-root.ts';
import { withLargePages } from './large-pages.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { CommandOf, Work, WorkKind } from './work-kinds.ts';

/** Compiled: Node 20 runs no TypeScript, and a child process has no transforming loader. */
const WORKER = join(PACKAGE_ROOT, 'dist', 'bin', 'worker.js');

/** Work under way in a process of its own. */
export interface RunningWork<K extends WorkKind> {
  readonly result: Promise<Work[K]['result']>;
  /** Asks it to end soon; what it has is kept. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
  /** Only to work that takes any. */
  command(command: CommandOf<K>): void;
}

export interface WorkOptions {
  /** Runs at low priority, so that it takes no time from what people look at. @default false */
  readonly background?: boolean;
  /**
   * How long it may say nothing before it is ended, ms: of work on what anyone may have written, which
   * may never come back from it. @default for ever
   */
  readonly silentMs?: number;
  /** Most of V8's heap that it gets, MiB. @default V8's own choice */
  readonly heapMiB?: number;
}

/**
 * Starts work in a child process. The child ends with its work, and with this process.
 *
 * @throws ProtocolError through `result`, with the code of what went wrong in the child
 * @cost 0.3 to 1 s until the child begins
 */
export function startWork<K extends WorkKind>(
  kind: K,
  input: Work[K]['input'],
  onProgress: (progress: Work[K]['progress']) => void = () => {},
  { background = false, silentMs, heapMiB }: WorkOptions = {},
): RunningWork<K> {
  if (!existsSync(WORKER)) {
    throw new ProtocolError('internal', `expected ${WORKER}, got none; run "npm run build" first`);
  }
  const child = fork(WORKER, [], {
    // 'advanced' carries typed arrays as they are.
    serialization: 'advanced',
    ...(heapMiB !== undefined && {
      execArgv: [...process.execArgv, `--max-old-space-size=${heapMiB}`],
    }),
    ...(kind === 'train' && { env: withLargePages(process.env) }),
    // Results go to the standard output of this process alone.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  if (background) lowerPriority(child);
  const send = (message: ToWorker) => {
    if (child.connected) child.send(message);
  };
  const result = new Promise<Work[K]['result']>((resolve, reject) => {
    const silence = watchSilence(silentMs, () => {
      child.kill('SIGKILL');
      reject(
        new ProtocolError(
          'failed',
          `${kind}: expected progress, got none for ${(silentMs ?? 0) / 1000} s, and it was ended; ` +
            'what it reads is damaged, or this machine is too busy',
        ),
      );
    });
    child.on('exit', () => silence.end());
    child.on('message', (message: FromWorker) => {
      silence.broken();
      if (message.type === 'progress') onProgress(message.progress as Work[K]['progress']);
      else if (message.type === 'result') resolve(message.result as Work[K]['result']);
      else reject(new ProtocolError(message.error.code, message.error.message));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(
        new ProtocolError(
          'failed',
          `${kind}: its process ended early (${signal ?? `exit ${code}`})`,
        ),
      );
    });
  });
  send({ type: 'start', kind, input });
  return {
    result,
    stop: () => send({ type: 'stop' }),
    kill: () => child.kill('SIGKILL'),
    command: (command) => send({ type: 'command', command }),
  };
}

/** Calls back once after so long without a word. */
function watchSilence(ms: number | undefined, onSilence: () => void) {
  let timer = ms === undefined ? null : setTimeout(onSilence, ms);
  const end = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return { end, broken: () => timer?.refresh() };
}

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // Containers may forbid it, and the child may have ended: it then runs as it is.
    process.emitWarning(`priority of process ${pid} stays as it is: ${String(error)}`);
  }
}
