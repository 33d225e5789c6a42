/**
 * One experiment in one process, as a job array, and by workers of whom one is killed again and again
 * while the queue's server restarts: whether the tables are equal to the bit, and what a shard costs
 * besides its rollouts; then the queue alone, and at how many workers it no longer pays:
 * `npm run measure:queue -- [--policies l2,flow] [--rollouts 200] [--shard-size 25] [--workers 4]
 * [--kill-every 20] [--processes 2]`. It starts a server of its own. Prints one JSON document.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sha256 } from '../../demos/files/index.ts';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { planExperiment } from '../../server/experiments/make-plan.ts';
import { mergeShards } from '../../server/experiments/merge.ts';
import { encodeMerged } from '../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import { shardsOf } from '../../server/experiments/shard.ts';
import { survey } from '../../server/experiments/survey.ts';
import { runExperiment } from '../../server/jobs/experiment.ts';
import { BATCH } from '../../server/jobs/rollouts.ts';
import type { Spread } from '../../server/protocol/results.ts';
import { parseQueueAddress } from '../../server/queue/address.ts';
import { jobIdOf } from '../../server/queue/jobs.ts';
import { queueOf } from '../../server/queue/programs.ts';
import { runQueued } from '../../server/queue/run-queued.ts';
import { RENEW_MS, WorkQueue } from '../../server/queue/work-queue.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { machine } from '../bench/measure.ts';
import { mostWorkers, type QueueCosts, simulateQueue } from '../bench/queue-model.ts';
import { parseLane } from '../options.ts';
import { openMeasuring, say } from './measuring.ts';
import type { PostgresServer } from './postgres.ts';
import { measureQueueAlone } from './queue-alone.ts';

const CLI = join(PACKAGE_ROOT, 'dist', 'bin', 'cli.js');
const MODEL = { workers: [1, 2, 4, 10, 30, 100, 300, 500, 1000, 2000], shards: 10_000 };
/** Of the times of shards, as a share: workers are machines of several kinds. */
const SPREAD = 0.2;
/** What pays. */
const EFFICIENT = 0.85;
/** Of each machine in the model. */
const PROCESSES = 8;

const { values } = parseArgs({
  options: {
    policies: { type: 'string', default: 'l2,flow' },
    rollouts: { type: 'string', default: '200' },
    'shard-size': { type: 'string', default: '25' },
    workers: { type: 'string', default: '4' },
    'kill-every': { type: 'string', default: '20' },
    processes: { type: 'string', default: '2' },
  },
});
const workers = Number(values.workers);
const { root, store: server, keep, print } = await openMeasuring('queue');
const workspace = openWorkspace({ data: join(root, 'data'), engine: 'compiled' });
await print(measure);

async function measure() {
  const plan = await planExperiment(workspace, {
    lanes: values.policies.split(',').map((entry) => parseLane(entry, {})),
    ...{ actionHorizons: [null], guidances: [null], chunkings: [null], seed: 0, batch: BATCH },
    ...{ rollouts: Number(values.rollouts), shardSize: Number(values['shard-size']) },
  });
  say(`${shardsOf(plan).length} shards in one process`);
  const one = await timed('one', plan, async (directory) => {
    await runExperiment(workspace, directory, plan, { processes: 1 });
  });
  say(`as a job array of ${workers}`);
  const array = await timed('array', plan, async ({ path }) => {
    const parts = Array.from({ length: workers }, (_, i) =>
      ended(
        command('experiment', 'run', path, '--shard', `${i + 1}/${workers}`, '--processes', '1'),
      ),
    );
    await Promise.all(parts);
  });
  say(`by ${workers} workers, one killed every ${values['kill-every']} s, the server once`);
  const kills = { workers: 0, server: 0 };
  const queued = await timed('queued', plan, (directory) => withKills(plan, directory, kills));
  say(`by workers that nobody kills: 1, then ${values.processes} processes`);
  await forget(plan);
  const single = await timed('single', plan, (directory) => undisturbed(plan, directory, 1));
  const spreads: { computingMs: Spread; besidesMs: Spread }[] = [];
  await forget(plan);
  const several = await timed('several', plan, async (directory) => {
    spreads.push(await undisturbed(plan, directory, Number(values.processes)));
  });
  const [spread] = spreads;
  say('the queue alone');
  const alone = await measureQueueAlone(server);
  const costs = {
    shard: spread.computingMs.p50 / 1000,
    spread: SPREAD,
    // The first shard of each process waits for it.
    start: spread.besidesMs.max / 1000,
    dispatch: alone.serverMsAJob / 1000,
    latency: spread.besidesMs.p50 / 1000,
    // A renewal is what half of a job is, asked for by each process; a machine is one client.
    upkeep: alone.serverMsAJob / 2 / RENEW_MS + alone.serverShareAClient / PROCESSES,
  };
  const tables = [one, array, queued, single, several].map(({ sha }) => sha);
  return {
    machine: machine(),
    plan: { policies: values.policies, rollouts: plan.rollouts, shards: shardsOf(plan).length },
    seconds: {
      oneProcess: one.seconds,
      jobArray: array.seconds,
      killedWorkers: queued.seconds,
      worker: single.seconds,
      workerProcesses: several.seconds,
    },
    kills,
    equalToTheBit: new Set(tables).size === 1,
    table: tables[0],
    shard: spread,
    queueAlone: alone,
    model: {
      costs,
      curve: modelled(costs),
      mostWorkers: mostWorkers(costs, MODEL.shards, EFFICIENT),
    },
  };
}

/** What becomes of a large experiment with ever more workers, as far as the server bears them. */
function modelled(costs: QueueCosts) {
  const borne = MODEL.workers.filter((count) => count * costs.upkeep < 1);
  return borne.map((count) => {
    const outcome = simulateQueue({ ...costs, workers: count, shards: MODEL.shards });
    return { workers: count, ...outcome };
  });
}

async function timed(
  name: string,
  plan: ExperimentPlan,
  run: (directory: ExperimentDirectory) => Promise<unknown>,
): Promise<{ seconds: number; sha: string }> {
  const directory = new ExperimentDirectory(join(root, name));
  await directory.writePlan(plan);
  const began = performance.now();
  await run(directory);
  const seconds = (performance.now() - began) / 1000;
  const state = survey(plan, await directory.readShards());
  return { seconds, sha: sha256(encodeMerged(plan, mergeShards(plan, state, 'run it again'))) };
}

/** Each worker in turn is killed and replaced; the server is once half of the rollouts are there. */
async function withKills(
  plan: ExperimentPlan,
  directory: ExperimentDirectory,
  kills: { workers: number; server: number },
): Promise<void> {
  const done = new AbortController();
  const fleet = Array.from({ length: workers }, () => startWorker(1));
  const killing = (async () => {
    for (let i = 0; !done.signal.aborted; i = (i + 1) % workers) {
      await delay(1000 * Number(values['kill-every']), undefined, { signal: done.signal }).catch(
        () => {},
      );
      if (done.signal.aborted) return;
      fleet[i].kill('SIGKILL');
      fleet[i] = startWorker(1);
      kills.workers++;
    }
  })();
  const half = (plan.contenders.length * plan.rollouts) / 2;
  let restarting: Promise<void> | null = null;
  await withQueue((queue) =>
    runQueued(workspace, directory, plan, queue, {
      onProgress(rollouts) {
        if (rollouts < half || restarting) return;
        kills.server++;
        restarting = restart(server);
      },
    }),
  );
  done.abort();
  await killing;
  await restarting;
  for (const worker of fleet) worker.kill('SIGKILL');
}

async function restart(of: PostgresServer): Promise<void> {
  await of.stop('kill');
  await of.start();
}

/** @returns what the worker says of its shards */
async function undisturbed(
  plan: ExperimentPlan,
  directory: ExperimentDirectory,
  processes: number,
) {
  const worker = startWorker(processes);
  const said = outputOf(worker);
  await withQueue((queue) => runQueued(workspace, directory, plan, queue));
  worker.kill('SIGTERM');
  return JSON.parse(await said);
}

/** Results that the queue has: what is measured next must not find them. */
async function forget(plan: ExperimentPlan): Promise<void> {
  const ids = shardsOf(plan).map(({ id }) => jobIdOf(id));
  await withQueue((queue) => queue.forget(queueOf('shards', plan), ids));
}

/** What a worker of that many processes says once it has been asked to end. */
async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await once(child, 'close');
  return text;
}

function startWorker(processes: number): ChildProcess {
  const address = ['--queue', server.url(), '--data', workspace.place.data];
  return command('worker', ...address, '--processes', String(processes), '--json');
}

function command(...args: readonly string[]): ChildProcess {
  return keep(spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }));
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`expected a part of the array to end with 0, got ${code}`);
}

async function withQueue<T>(use: (queue: WorkQueue) => Promise<T>): Promise<T> {
  const who = { name: 'measurement', role: 'client' } as const;
  const queue = await WorkQueue.open(parseQueueAddress(server.url()), { ...who, onTrouble: say });
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}
