import type { GridResult } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { ContradictionError, type ExperimentDirectory } from './directory.ts';
import { cellsOf, type ExperimentPlan } from './plan.ts';
import type { RolloutName } from './rollout-name.ts';
import { describeShard, type ShardDescription, shardsOf } from './shard.ts';

/** What an experiment says of one of its rollouts. */
export interface RecordedRollout {
  readonly rollout: GridResult;
  /** All that decides it: a shard of this rollout alone. */
  readonly shard: ShardDescription;
}

/**
 * Reads the result of the shard that a rollout is in, and of no other.
 *
 * @param fill the command that runs what is missing, for messages
 * @throws ProtocolError 'not-found' for a rollout that the plan does not have; 'conflict' where its shard
 *         is not there
 * @throws ContradictionError where two runs of the shard ended differently
 */
export async function readRecorded(
  directory: ExperimentDirectory,
  plan: ExperimentPlan,
  { contender, start, noise }: Omit<RolloutName, 'directory'>,
  fill: string,
): Promise<RecordedRollout> {
  const cells = cellsOf(plan);
  const cell = cells.findIndex((each) => each.start === start && each.noise === noise);
  const who = plan.contenders[contender];
  if (!who || cell === -1) {
    throw new ProtocolError(
      'not-found',
      `${directory.path}: expected one of its rollouts, contenders 0 to ${plan.contenders.length - 1}, ` +
        `starts 0 to ${plan.starts - 1} with their noises, got contender ${contender}, start ${start}, ` +
        `noise ${noise}; "experiment report" names some`,
    );
  }
  const shard = shardsOf(plan).find(
    (each) => each.contender === contender && each.from <= cell && cell < each.to,
  );
  const files = shard ? await directory.readShards(new Set([shard.id])) : [];
  const [one, other] = files.filter((file) => file.shard !== null);
  if (shard && other) throw new ContradictionError(shard.id, [one.path, other.path]);
  const rollout = one?.shard?.rollouts[cell - (shard?.from ?? 0)];
  if (rollout) return { rollout, shard: describeShard(plan, who, [cells[cell]]) };
  throw new ProtocolError(
    'conflict',
    `${directory.path}: expected the result of the shard that the rollout is in, got ` +
      `${files[0]?.problem ?? 'none'}; to run it: ${fill}`,
  );
}
