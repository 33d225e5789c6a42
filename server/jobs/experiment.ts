import { checkProgram } from '../experiments/code.ts';
import type { ExperimentDirectory } from '../experiments/directory.ts';
import type { ExperimentPlan } from '../experiments/plan.ts';
import { checkPolicy } from '../experiments/run-shard.ts';
import type { Part, Shard } from '../experiments/shard.ts';
import { restOf } from '../experiments/survey.ts';
import type { Workspace } from '../storage/workspace.ts';
import { limitConcurrency, worthwhileProcesses } from './parallel.ts';
import type { WorkOptions } from './process.ts';
import { ROLLOUTS_OF_A_START } from './rollouts.ts';
import { ShardService } from './shard-service.ts';

export interface ExperimentOptions extends WorkOptions {
  /** @default all of them */
  readonly part?: Part | undefined;
  /** Run also what is there already, and hold the results against each other. @default false */
  readonly again?: boolean | undefined;
  /** Child processes at once. @default as many as there are cores, and no more than pay off */
  readonly processes?: number | undefined;
  /** Told once how many rollouts there are to do, of how many shards. */
  readonly onBegin?: ((todo: Pick<ExperimentRun, 'shards' | 'rollouts'>) => void) | undefined;
  /** Told the number of ended rollouts. */
  readonly onProgress?: ((ended: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a run of an experiment did. */
export interface ExperimentRun {
  /** Shards that were run, and those of its part that were there already. */
  readonly shards: number;
  readonly skipped: number;
  readonly rollouts: number;
}

/**
 * Runs the shards of an experiment that are not there yet, in child processes. A shard is kept as soon
 * as it is done: whatever ends this loses those under way and no other, and the next run goes on.
 *
 * @param workspace where its policies are found
 * @throws ProtocolError 'conflict' where this is another program than it was planned with, a policy is
 *         another by now, or two runs of a shard ended differently
 * @throws StoppedError where `signal` aborts
 * @cost about 0.1 s a rollout and core
 */
export async function runExperiment(
  workspace: Workspace,
  directory: ExperimentDirectory,
  plan: ExperimentPlan,
  {
    part = { index: 1, count: 1 },
    again = false,
    processes,
    onBegin = () => {},
    onProgress = () => {},
    signal,
    background = false,
  }: ExperimentOptions = {},
): Promise<ExperimentRun> {
  const { todo, ...rest } = restOf(plan, await directory.readShards(), { part, again });
  const run = { shards: todo.length, ...rest };
  onBegin(run);
  if (todo.length === 0) return run;
  await checkProgram(plan, directory.path);
  for (const contender of new Set(todo.map((shard) => shard.contender))) {
    await checkPolicy(workspace, plan.contenders[contender]);
  }
  const atOnce = processes ?? worthwhileProcesses(run.rollouts, ROLLOUTS_OF_A_START);
  const shares = shareOut(todo, atOnce);
  let ended = 0;
  const tasks = shares.map((share) => async (ending: AbortSignal) => {
    const service = new ShardService(workspace.place, { background });
    try {
      for (const { id, description } of share) {
        const file = await service.run(description, ending, () => onProgress(++ended));
        await directory.keep(id, file);
      }
    } finally {
      service.close();
    }
  });
  await limitConcurrency(atOnce, tasks, signal);
  return run;
}

/** One after the other to each process, so that each has some of every contender. */
function shareOut(shards: readonly Shard[], processes: number): Shard[][] {
  return Array.from({ length: Math.min(processes, shards.length) }, (_, i) =>
    shards.filter((__, k) => k % processes === i),
  );
}
