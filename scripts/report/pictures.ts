/** The rollouts that are looked at: rolled out again, and held against what is recorded of them. */

import type { GridResult } from '../../server/evaluation/evaluate.ts';
import { groupsOf } from '../../server/experiments/axes.ts';
import { pickRollouts } from '../../server/experiments/contact-sheet.ts';
import type { MergedExperiment } from '../../server/experiments/merge.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import { type Replayed, replayShard } from '../../server/experiments/replay.ts';
import { describeShard } from '../../server/experiments/shard.ts';
import type { Place } from '../../server/storage/workspace.ts';
import { findTask, modeNames } from '../../sim/index.ts';

/** A rollout with its picture. */
export interface Pictured {
  /** Place among the contenders. */
  readonly contender: number;
  readonly recorded: GridResult;
  readonly replayed: Replayed;
  /** Whether the replay ended in the recorded hash: then the picture is proven. */
  readonly proven: boolean;
}

/**
 * @param most      pictures
 * @param onDone called with the number of those that there are
 * @throws ProtocolError 'conflict' where a policy is another by now
 * @cost   about 1 s a contender and 0.1 s a picture
 */
export async function takePictures(
  place: Place,
  plan: ExperimentPlan,
  { contenders }: MergedExperiment,
  most: number,
  { onBegin, onDone }: { onBegin(total: number): void; onDone(done: number): void },
): Promise<Pictured[]> {
  const picked = pickRollouts(
    groupsOf(plan.contenders),
    contenders.map(({ rollouts }) => rollouts),
    modeNames(findTask(plan.task)),
    most,
  );
  onBegin(picked.length);
  const replays = new Map<GridResult, Replayed>();
  for (const contender of new Set(picked.map((each) => each.contender))) {
    const own = picked.filter((each) => each.contender === contender);
    const cells = own.map(({ rollout }) => rollout);
    const shard = describeShard(plan, plan.contenders[contender], cells);
    const replayed = await replayShard(place, shard);
    for (const [i, { rollout }] of own.entries()) replays.set(rollout, replayed[i]);
    onDone(replays.size);
  }
  return picked.flatMap(({ contender, rollout: recorded }) => {
    const replayed = replays.get(recorded);
    if (!replayed) return [];
    const proven = replayed.rollout.replayHash === recorded.replayHash;
    return [{ contender, recorded, replayed, proven }];
  });
}
