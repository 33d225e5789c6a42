import { handAt } from '../../demos/demonstrate.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { findTask, modeNames, startSeed, type Task } from '../../sim/index.ts';
import type { GridResult } from '../evaluation/evaluate.ts';
import type { Group } from './axes.ts';
import type { ExperimentPlan } from './plan.ts';

/** Starts that demonstrators are asked from, each way. */
const MOST_DEMONSTRATED = 50;
/** Control steps of a demonstration a second: its path is the same at any rate, but for where it is looked at. */
const DEMONSTRATED_HZ = 20;

/** Where the line is passed at which modes part, m to the robot's left. */
export interface Offsets {
  /** By scripted demonstrators from the starts of the experiment, each way; none where only people demonstrate. */
  readonly demonstrations: readonly number[];
  /** In the order of the groups. */
  readonly groups: readonly {
    readonly name: string;
    readonly rollouts: number;
    /** By the first plan of each rollout that reaches the line. */
    readonly plans: readonly number[];
    /** By the hand, of each rollout that gets there. */
    readonly hands: readonly number[];
  }[];
}

/**
 * @param results of each contender
 * @returns       null where none tells of it: of a task without such a line, and of earlier versions
 * @cost          0.1 ms a demonstration
 */
export function offsetsOf(
  plan: ExperimentPlan,
  groups: readonly Group[],
  results: readonly (readonly GridResult[])[],
): Offsets | null {
  if (!results.flat().some(({ offset }) => offset)) return null;
  return {
    demonstrations: demonstrated(findTask(plan.task), plan),
    groups: groups.map(({ name, members }) => {
      const own = members.flatMap((i) => results[i]);
      return {
        ...{ name, rollouts: own.length },
        plans: own.flatMap(({ offset }) => offset?.plan ?? []),
        hands: own.flatMap(({ offset }) => offset?.hand ?? []),
      };
    }),
  };
}

/** Where demonstrators mean to pass: the hand follows them within millimetres. */
function demonstrated(
  task: Task,
  { seed, starts, instruction }: Pick<ExperimentPlan, 'seed' | 'starts' | 'instruction'>,
): number[] {
  const expert = findExpert(task.name);
  if (!expert) return [];
  const numbers = Array.from({ length: Math.min(starts, MOST_DEMONSTRATED) }, (_, i) => i);
  return numbers.flatMap((start) => {
    const drawn = task.sampleInitialState(startSeed('evaluation', seed, start));
    const initial = { ...drawn, ...(instruction !== null && { instruction }) };
    const hand = handAt(initial.joints, initial.gripperOpening);
    return modeNames(task).flatMap((mode) => {
      const options = { controlHz: DEMONSTRATED_HZ, seed: start, noise: 1 };
      const poses = [...expert.demonstrate(initial, hand, mode, options)];
      return task.lateralOffset?.(poses.map(({ position }) => position)) ?? [];
    });
  });
}
