import { findTask, type TaskName } from '../../sim/index.ts';
import type { Expert } from './expert.ts';
import { leftRightExpert } from './left-right.ts';
import { leftRightColourExpert } from './left-right-colour.ts';
import { threeWaysExpert } from './three-ways.ts';

export type { Expert, HandPose } from './expert.ts';

/** Null where only people can demonstrate a task. */
const EXPERTS: Readonly<Record<TaskName, Expert | null>> = {
  'left-right': leftRightExpert,
  'left-right-colour': leftRightColourExpert,
  'three-ways': threeWaysExpert,
};

/** @throws SimError for a task that is not known */
export function findExpert(task: string): Expert | null {
  return EXPERTS[findTask(task).name];
}
