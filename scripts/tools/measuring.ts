import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgresIn } from './postgres.ts';

/** What a measurement has for itself, and what is gone with it, however it ends. */
export interface Measuring {
  readonly root: string;
  readonly store: PostgresServer;
  /** A process that does not outlive the measurement. */
  keep(child: ChildProcess): ChildProcess;
  /** Prints what was measured as one JSON document, and ends all that was started. */
  print(measure: () => Promise<unknown>): Promise<void>;
}

/**
 * @param name of its directory
 * @cost as `startPostgresIn`
 */
export async function openMeasuring(name: string): Promise<Measuring> {
  const root = await mkdtemp(join(tmpdir(), `forking-paths-${name}-`));
  const home = await mkdtemp(join(tmpdir(), 'forking-paths-postgres-'));
  const store = await startPostgresIn(home);
  const running = new Set<ChildProcess>();
  const end = async () => {
    for (const child of running) child.kill('SIGKILL');
    await store.stop('kill');
    for (const path of [root, home])
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void end().finally(() => process.exit(130)));
  }
  return {
    root,
    store,
    keep(child) {
      running.add(child);
      child.once('exit', () => running.delete(child));
      return child;
    },
    async print(measure) {
      try {
        process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
      } finally {
        await end();
      }
    },
  };
}

export function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
