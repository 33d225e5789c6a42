import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '../../demos/files/index.ts';
import { parseQueueAddress } from '../../server/queue/address.ts';
import { jobIdOf } from '../../server/queue/jobs.ts';
import { WorkQueue } from '../../server/queue/work-queue.ts';
import { percentiles } from '../../server/statistics/index.ts';
import type { PostgresServer } from './postgres.ts';

/** Jobs that it is timed with; a result of each as large as that of 50 rollouts. */
const JOBS = 400;
const RESULT = 'x'.repeat(20_000);
/** Who does nothing but be there, and for how long, s. */
const IDLE = { clients: 20, seconds: 20 };
const NAME = 'measured';

/** Times of a queue whose jobs are nothing, and what its server works for them and for who is only there. */
export async function measureQueueAlone(server: PostgresServer) {
  const queue = await open(server);
  await queue.declare(NAME);
  const jobs = Array.from({ length: JOBS }, (_, i) => ({ id: jobIdOf(sha256(`${i}`)), data: {} }));
  await queue.add(NAME, jobs);
  const take: number[] = [];
  const keep: number[] = [];
  const before = await server.cpuSeconds();
  for (const _ of jobs) {
    const began = performance.now();
    const job = await queue.take(NAME);
    const taken = performance.now();
    if (!job) throw new Error('expected a job for each that was queued, got none');
    await queue.complete(NAME, job, { file: RESULT });
    take.push(taken - began);
    keep.push(performance.now() - taken);
  }
  const serverMsAJob = (1000 * ((await server.cpuSeconds()) - before)) / JOBS;
  const base = await serverShare(server);
  const idle = await Promise.all(Array.from({ length: IDLE.clients }, () => open(server)));
  const borne = await serverShare(server);
  await Promise.all([queue, ...idle].map((each) => each.close()));
  return {
    takeMs: percentiles(take),
    keepMs: percentiles(keep),
    serverMsAJob,
    /** Share of a core, beside what it works for nobody. */
    serverShareAClient: Math.max(0, borne - base) / IDLE.clients,
  };
}

/** What of a core the server takes with nothing to do. */
async function serverShare(server: PostgresServer): Promise<number> {
  const before = await server.cpuSeconds();
  await delay(1000 * IDLE.seconds);
  return ((await server.cpuSeconds()) - before) / IDLE.seconds;
}

function open(server: PostgresServer): Promise<WorkQueue> {
  const onTrouble = (message: string) => process.stderr.write(`${message}\n`);
  return WorkQueue.open(parseQueueAddress(server.url()), {
    ...{ name: 'idle', role: 'worker', onTrouble },
  });
}
