import { afterAll, beforeAll } from 'vitest';
import type { PostgresServer } from '../../scripts/tools/postgres.ts';
import { parseQueueAddress } from '../../server/queue/address.ts';
import { jobIdOf } from '../../server/queue/jobs.ts';
import { type TakenJob, WorkQueue } from '../../server/queue/work-queue.ts';
import { serveJobs, type WorkerOptions, type WorkerSummary } from '../../server/queue/worker.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { workspaceWithPair } from './pair.ts';
import { startPostgres } from './postgres.ts';

/** A job that somebody took when the tests began, and whose lease nobody renews. */
export const NEGLECTED = { id: jobIdOf('0'.repeat(64)), data: {} };

interface Started {
  readonly server: PostgresServer;
  readonly queue: WorkQueue;
  /** With the dataset `pair`. */
  readonly workspace: Workspace;
  readonly neglected: TakenJob | null;
}

/** A queue in a database of its own, which all kinds of jobs are tested with: it is dear to start. */
export interface QueueBench extends Started {
  /** What was said of the queue's own troubles. */
  readonly troubles: string[];
  connect(url: string, patienceMs?: number): Promise<WorkQueue>;
  /** A worker within this process, whose jobs are done by one of its own. */
  work(options?: Partial<WorkerOptions>): Promise<WorkerSummary>;
}

/** There once the tests run. */
export function queueBench(): QueueBench {
  const troubles: string[] = [];
  let started: Started | undefined;
  const get = <K extends keyof Started>(name: K): Started[K] => {
    if (!started) throw new Error(`expected ${name} within a test, got asked before`);
    return started[name];
  };
  const connect = (url: string, patienceMs = 60_000) => {
    const onTrouble = (message: string) => troubles.push(message);
    return WorkQueue.open(parseQueueAddress(url), {
      ...{ name: 'test', role: 'client', patienceMs, onTrouble },
    });
  };
  beforeAll(async () => {
    const [server, workspace] = await Promise.all([startPostgres(), workspaceWithPair()]);
    const queue = await connect(server.url());
    await queue.declare('neglected');
    await queue.add('neglected', [NEGLECTED]);
    started = { server, workspace, queue, neglected: await queue.take('neglected') };
  });
  afterAll(() => started?.queue.close());
  return {
    troubles,
    connect,
    get server() {
      return get('server');
    },
    get workspace() {
      return get('workspace');
    },
    get queue() {
      return get('queue');
    },
    get neglected() {
      return get('neglected');
    },
    work(options = {}) {
      const { signal } = new AbortController();
      const usual = { name: 'here', processes: 1, signal, onTrouble: () => {} };
      return serveJobs(get('queue'), { place: get('workspace').place, ...usual, ...options });
    },
  };
}
