import { z } from 'zod';
import type { GridCell } from '../evaluation/evaluate.ts';
import { digestOfData } from './canonical.ts';
import type { Contender, ExperimentPlan } from './plan.ts';
import { cellsOf } from './plan.ts';
import { actingSchema, settingSchema } from './schemas.ts';

const MOST_CELLS = 10_000;

/** Some rollouts of one contender, with all that decides what becomes of them. */
export const shardSchema = z.strictObject({
  format: z.literal(1),
  ...settingSchema.shape,
  acting: actingSchema,
  /** [start, noise] of each rollout. */
  cells: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .min(1)
    .max(MOST_CELLS),
});

export type ShardDescription = z.infer<typeof shardSchema>;

/** A shard with its place in a plan. */
export interface Shard {
  /** Among all shards of the plan, from 0. */
  readonly index: number;
  /** Whose rollouts they are, by place among the contenders. */
  readonly contender: number;
  /** The rollouts of that contender from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
  readonly id: string;
  readonly description: ShardDescription;
}

/**
 * Sha-256 of all that decides a shard's result: the description but for what the policy is called,
 * which its digest says.
 */
export function shardId({ acting: { source: _, ...acting }, ...rest }: ShardDescription): string {
  return digestOfData({ ...rest, acting });
}

/** The shards of a plan, contender by contender. */
export function shardsOf(plan: ExperimentPlan): Shard[] {
  const { shardSize, contenders } = plan;
  const cells = cellsOf(plan);
  const shards: Shard[] = [];
  contenders.forEach((each, contender) => {
    for (let from = 0; from < cells.length; from += shardSize) {
      const to = Math.min(from + shardSize, cells.length);
      const description = describeShard(plan, each, cells.slice(from, to));
      const id = shardId(description);
      shards.push({ index: shards.length, contender, from, to, id, description });
    }
  });
  return shards;
}

/** A shard of a contender that has these cells of the grid. */
export function describeShard(
  { code, physics, engine, batch, task, seed, instruction }: ExperimentPlan,
  { source, digest, sampler, actionHorizon, guidance, chunking, perturbation }: Contender,
  cells: readonly GridCell[],
): ShardDescription {
  return {
    format: 1,
    ...{ code, physics, engine, batch, task, seed, instruction },
    acting: {
      ...{ source, digest, sampler, actionHorizon, guidance, chunking },
      ...(perturbation && { perturbation }),
    },
    cells: cells.map(({ start, noise }) => [start, noise]),
  };
}

/** Part i of N, i from 1. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/** Those of the shards that a part has: every N-th, so that each part has some of every contender. */
export function partOf<S extends Shard>(shards: readonly S[], { index, count }: Part): S[] {
  return shards.filter((_, i) => i % count === index - 1);
}
