import { evaluateCells, type GridResult } from '../evaluation/evaluate.ts';
import { prepareEvaluation } from '../evaluation/input.ts';
import { openWorkspace, type Place } from '../storage/workspace.ts';
import { checkPolicy, evaluationOf } from './run-shard.ts';
import type { ShardDescription } from './shard.ts';

/** A rollout that was rolled out again. */
export interface Replayed {
  readonly rollout: GridResult;
  /** The hand from above as it begins and after each control step, [steps + 1, 2]: x, y, m. */
  readonly path: readonly (readonly [x: number, y: number])[];
  /** Where the objects lie as it begins, x, y, m, in the task's order. */
  readonly objects: readonly (readonly [x: number, y: number])[];
  /** Control steps a second. */
  readonly controlHz: number;
}

/**
 * Rolls a shard out again and watches the hand. Unlike `runShard` it does so with whatever program this
 * is: whoever holds the replay hash against the recorded one sees whether that matters.
 *
 * @throws ProtocolError 'conflict' where the policy is another by now
 * @cost about 0.1 s a rollout, and 1 s to begin
 */
export async function replayShard(place: Place, shard: ShardDescription): Promise<Replayed[]> {
  const { acting, batch, engine } = shard;
  const workspace = openWorkspace({ ...place, engine });
  await checkPolicy(workspace, acting);
  const { input, cells } = evaluationOf(workspace.place, shard);
  const setup = await prepareEvaluation(input);
  const { controlHz } = setup.policy.describe();
  const paths = cells.map((): [number, number][] => []);
  const objects: (readonly (readonly [number, number])[])[] = [];
  const rollouts = await evaluateCells({ ...setup, batch }, cells, {
    onStep: (cell, episode) => {
      const [x, y] = episode.tcp();
      paths[cell].push([x, y]);
      objects[cell] ??= episode.objectPositions().map(([ox, oy]) => [ox, oy] as const);
    },
  });
  return rollouts.map((rollout, i) => {
    return { rollout, path: paths[i], objects: objects[i], controlHz };
  });
}
