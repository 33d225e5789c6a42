import { describeDifference } from './code.ts';
import type { StoredShard } from './directory.ts';
import type { ExperimentPlan } from './plan.ts';
import type { DecodedShard } from './result-file.ts';
import { type Part, partOf, type Shard, shardsOf } from './shard.ts';

/** How far a shard of a plan is. */
export interface ShardState extends Shard {
  readonly state: 'done' | 'missing' | 'damaged';
  /** What is there of it; more than one sound file contradict each other. */
  readonly files: readonly StoredShard[];
}

/** A plan and what is there of it. */
export interface Survey {
  /** In the order of the plan. */
  readonly shards: readonly ShardState[];
  /** Files of other plans. */
  readonly foreign: readonly StoredShard[];
}

/** Holds what is there against a plan. */
export function survey(plan: ExperimentPlan, stored: readonly StoredShard[]): Survey {
  const planned = shardsOf(plan);
  const ids = new Set(planned.map(({ id }) => id));
  const shards = planned.map((shard): ShardState => {
    const files = stored.filter(({ id }) => id === shard.id);
    const sound = files.some((file) => file.shard !== null);
    const state = sound ? 'done' : files.length > 0 ? 'damaged' : 'missing';
    return { ...shard, state, files };
  });
  return { shards, foreign: stored.filter(({ id }) => !ids.has(id)) };
}

/** What is left to do of a part of a plan. */
export interface Rest {
  readonly todo: readonly ShardState[];
  /** Shards of the part that are there already. */
  readonly skipped: number;
  readonly rollouts: number;
}

/** @param again count what is there already as well */
export function restOf(
  plan: ExperimentPlan,
  stored: readonly StoredShard[],
  { part, again }: { readonly part: Part; readonly again: boolean },
): Rest {
  const own = partOf(survey(plan, stored).shards, part);
  const todo = own.filter(({ state }) => again || state !== 'done');
  const rollouts = todo.reduce((sum, { from, to }) => sum + to - from, 0);
  return { todo, skipped: own.length - todo.length, rollouts };
}

/** Why the shard in a file is none of a plan's: "expected …, got …; cure". */
export function explainForeign(plan: ExperimentPlan, { description }: DecodedShard): string {
  const program = describeDifference(plan, description);
  if (program !== null) return `${program}; run it with the version it was planned with`;
  for (const key of ['engine', 'batch', 'task', 'seed', 'instruction'] as const) {
    if (plan[key] === description[key]) continue;
    const say = (value: unknown) => JSON.stringify(value);
    return (
      `expected ${key} ${say(plan[key])}, got ${say(description[key])}; it is of another ` +
      'experiment: move it to that one'
    );
  }
  const { source, digest } = description.acting;
  const named = plan.contenders.find(
    (each) => JSON.stringify(each.source) === JSON.stringify(source),
  );
  if (named && named.digest !== digest) {
    return (
      `expected the policy of digest ${named.digest}, got one of ${digest} by the same name; run ` +
      'it where the planned one is'
    );
  }
  return (
    'expected a contender and rollouts of the plan, got others; it is of another experiment: move it ' +
    'to that one'
  );
}
