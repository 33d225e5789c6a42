import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { Answer, RequestInput, RequestName, Responses } from '../../server/protocol/index.ts';
import { afterFile } from './after-file.ts';
import { outputOf, startCli } from './cli.ts';
import { lendPrograms } from './programs.ts';
import { ROOT } from './sources.ts';
import { until } from './until.ts';

/** A server in a process of its own, as `forking-paths serve` starts it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly process: ChildProcess;
  readonly output: { readonly stdout: string; readonly stderr: string };
}

/** Background work that gave way to other tests would be waited for without end. */
const EQUAL_PRIORITY = { NODE_OPTIONS: `--require ${ROOT}tests/support/equal-priority.cjs` };

export async function startServer(
  data: string,
  {
    args = [],
    env = {},
  }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<ServerProcess> {
  await lendPrograms(data);
  const child = startCli(['serve', '--port', '0', '--data', data, ...args], {
    env: { ...EQUAL_PRIORITY, ...env },
  });
  const output = outputOf(child);
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended early: ${output.stderr}`);
    return /http:\/\/\S+/.exec(output.stdout)?.[0];
  }, 'the server to listen');
  return { url, pid: child.pid ?? 0, process: child, output };
}

/** Ends a server and waits until it has gone. */
export async function endServer(
  { process: child }: ServerProcess,
  signal: NodeJS.Signals,
): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

/** A page's connection; it does not come back by itself. */
export async function connect(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Socket> {
  const socket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...headers },
  });
  afterFile(() => socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Sends anything under any name, and waits for the answer. */
export async function send(
  socket: Socket,
  name: string,
  ...args: readonly unknown[]
): Promise<Answer<RequestName>> {
  return socket.timeout(40_000).emitWithAck(name, ...args);
}

/** Sends a request that is to succeed. */
export async function ask<N extends RequestName>(
  socket: Socket,
  name: N,
  request: RequestInput<N>,
  ...rest: readonly unknown[]
): Promise<Responses[N]> {
  const answer = await send(socket, name, request, ...rest);
  if (answer.ok) return answer.data as Responses[N];
  throw new Error(`${name}: ${answer.error.code}: ${answer.error.message}`);
}

/** A process that lives until it is killed. */
export function idleProcess(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
}
