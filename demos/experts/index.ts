import type { Expert } from './expert.ts';
import { leftRightExpert } from './left-right.ts';
import { leftRightColourExpert } from './left-right-colour.ts';

export type { Expert, HandPose } from './expert.ts';

const EXPERTS: readonly Expert[] = [leftRightExpert, leftRightColourExpert];

/** The scripted expert of a task; undefined where only people can demonstrate it. */
export function findExpert(task: string): Expert | undefined {
  return EXPERTS.find((expert) => expert.task === task);
}
