import { findTask } from '../../sim/index.ts';
import { type GridResult, measuresOf, type RolloutMeasures } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { ContradictionError } from './directory.ts';
import { type Contender, contenderName, type ExperimentPlan } from './plan.ts';
import type { DecodedShard } from './result-file.ts';
import { explainForeign, type ShardState, type Survey } from './survey.ts';

/** Shards that are named where some are missing. */
const MOST_NAMED = 5;

/** All rollouts of an experiment. */
export interface MergedExperiment {
  /** In the order of the plan. */
  readonly contenders: readonly {
    readonly contender: Contender;
    /** In the order of the grid. */
    readonly rollouts: readonly GridResult[];
  }[];
  /** What ran the networks. */
  readonly engine: string;
}

/**
 * Puts all shards of a plan together, in its order.
 *
 * @param fill the command that runs what is missing, for messages
 * @throws ProtocolError 'damaged' for a file that cannot be read and belongs to no shard of the plan;
 *         'conflict' for files of another plan, code or policy, for shards that are not there, and for
 *         results of several engines
 * @throws ContradictionError where two runs of a shard ended differently
 */
export function mergeShards(
  plan: ExperimentPlan,
  { shards, foreign }: Survey,
  fill: string,
): MergedExperiment {
  for (const { path, shard, problem } of foreign) {
    if (shard) throw new ProtocolError('conflict', `${path}: ${explainForeign(plan, shard)}`);
    throw new ProtocolError('damaged', problem ?? path);
  }
  for (const { id, files } of shards) {
    const [one, other] = files.filter(({ shard }) => shard !== null);
    if (other) throw new ContradictionError(id, [one.path, other.path]);
  }
  const gaps = shards.filter(({ state }) => state !== 'done');
  if (gaps.length > 0) throw gapsError(plan, gaps, shards.length, fill);
  const results = shards.map(resultOf);
  checkEngines(shards, results);
  return {
    engine: results[0].engine,
    contenders: plan.contenders.map((contender, i) => ({
      contender,
      rollouts: results
        .filter((_, k) => shards[k].contender === i)
        .flatMap((each) => each.rollouts),
    })),
  };
}

/** What the rollouts of each contender amount to. */
export function measureExperiment(
  { task }: ExperimentPlan,
  { contenders }: MergedExperiment,
): RolloutMeasures[] {
  return contenders.map(({ contender: { noise, demonstrated }, rollouts }) =>
    measuresOf(findTask(task), rollouts, { abilities: { noise } }, demonstrated),
  );
}

/** A shard's rollouts and whose they are, in a line: "l2 direct 1, Ta 20: rollouts 50 to 99". */
export function shardName(
  plan: ExperimentPlan,
  { contender, from, to }: Pick<ShardState, 'contender' | 'from' | 'to'>,
): string {
  return `${contenderName(plan.contenders[contender])}: rollouts ${from} to ${to - 1}`;
}

function gapsError(
  plan: ExperimentPlan,
  gaps: readonly ShardState[],
  of: number,
  fill: string,
): ProtocolError {
  const named = gaps
    .slice(0, MOST_NAMED)
    .map((gap) => `${shardName(plan, gap)} (${gap.state}, ${gap.id.slice(0, 12)})`);
  const more = gaps.length - named.length;
  return new ProtocolError(
    'conflict',
    `experiment: expected all ${of} shards, got ${of - gaps.length}; there is no ` +
      `${named.join('; ')}${more > 0 ? ` and ${more} more` : ''}; to run them: ${fill}`,
  );
}

/** Only called once each shard is done. */
function resultOf({ files }: ShardState): DecodedShard {
  const shard = files.find((file) => file.shard !== null)?.shard;
  if (!shard) throw new Error('a shard that is done has a result');
  return shard;
}

/** Equal code on another engine gives other bits: no table is made of both. */
function checkEngines(shards: readonly ShardState[], results: readonly DecodedShard[]): void {
  const other = results.findIndex(({ engine }) => engine !== results[0].engine);
  if (other === -1) return;
  const [one, two] = [0, other].map((i) => `${shards[i].files[0].path} of ${results[i].engine}`);
  throw new ProtocolError(
    'conflict',
    `experiment: expected the results of one engine, got ${one} and ${two}; remove those of one of ` +
      'them, and run their shards again',
  );
}
