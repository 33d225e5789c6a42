import { openArtefacts } from '../artefacts/index.ts';
import { SharedRuns } from '../exchange/runs.ts';
import { checkProgram } from '../experiments/code.ts';
import type { ExperimentDirectory } from '../experiments/directory.ts';
import { shardName } from '../experiments/merge.ts';
import type { ExperimentPlan } from '../experiments/plan.ts';
import { checkPolicy } from '../experiments/run-shard.ts';
import type { Shard } from '../experiments/shard.ts';
import { restOf } from '../experiments/survey.ts';
import type { ExperimentOptions, ExperimentRun } from '../jobs/experiment.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { runOf } from '../protocol/sources.ts';
import type { Workspace } from '../storage/workspace.ts';
import { checkCarried } from './carried.ts';
import { type CollectOptions, collectJobs } from './collect.ts';
import { decodeShardOutput, shardJobOf } from './kinds/shards.ts';
import { queueOf } from './programs.ts';
import type { WorkQueue } from './work-queue.ts';

export interface QueuedOptions
  extends Omit<ExperimentOptions, 'processes' | 'onProgress'>,
    Pick<CollectOptions, 'onNotice'> {
  /** Told the number of ended rollouts, and how many workers there are once that is known. */
  readonly onProgress?: ((ended: number, workers: number | null) => void) | undefined;
}

/**
 * Runs the shards of an experiment that are not there yet by whoever takes them from a queue, and keeps
 * each result as it comes. Runs that take part are handed over in the store of the workspace's place, if it has one.
 *
 * @throws as `runExperiment`; ProtocolError 'failed' where a shard failed on every worker that took it, or
 *         the queue is gone
 * @throws StoppedError where `signal` aborts: what nobody has begun is taken back
 */
export async function runQueued(
  workspace: Workspace,
  directory: ExperimentDirectory,
  plan: ExperimentPlan,
  queue: WorkQueue,
  {
    part = { index: 1, count: 1 },
    again = false,
    onBegin = () => {},
    onProgress = () => {},
    onNotice,
    signal,
  }: QueuedOptions = {},
): Promise<ExperimentRun> {
  const { todo, ...rest } = restOf(plan, await directory.readShards(), { part, again });
  const run = { shards: todo.length, ...rest };
  onBegin(run);
  if (todo.length === 0) return run;
  await checkProgram(plan, directory.path);
  const { store } = workspace.place;
  const shared = store === undefined ? null : new SharedRuns(openArtefacts(store));
  for (const contender of new Set(todo.map((shard) => shard.contender))) {
    checkCarried(plan.contenders[contender].source, 'the experiment', 'in parts with --shard i/N');
    await checkPolicy(workspace, plan.contenders[contender]);
    const id = runOf(plan.contenders[contender].source);
    if (id !== null) await shared?.offer(workspace.runs, id);
  }
  let ended = 0;
  await collectJobs<Shard>(
    queue,
    {
      queue: queueOf('shards', plan),
      called: 'shards',
      items: todo,
      jobOf: shardJobOf,
      async keep({ id, from, to }, output) {
        await directory.keep(id, decodeShardOutput(output));
        ended += to - from;
      },
      async failed(shard, reason) {
        throw new ProtocolError(
          'failed',
          `shard ${shard.id.slice(0, 12)} (${shardName(plan, shard)}): expected a worker to run it, ` +
            `got none that could: ${reason}`,
        );
      },
    },
    { again, onNotice, signal, onLook: (workers) => onProgress(ended, workers) },
  );
  return run;
}
