import { SimError } from '../errors.ts';
import { leftRight } from './left-right/task.ts';
import { leftRightColour } from './left-right-colour/task.ts';
import type { Mode, Task } from './task.ts';
import { threeWays } from './three-ways/task.ts';

/** Every task, in the order in which the page offers them; a first visit shows the first. */
const ALL = [leftRight, leftRightColour, threeWays] as const satisfies readonly Task[];

export type TaskName = (typeof ALL)[number]['name'];
/** Key of the text of a mode of any task. */
export type ModeLabel = (typeof ALL)[number]['modes'][number]['label'];

/** Key of the text of an object of any task. */
export type ObjectName = (typeof ALL)[number]['scene']['objects'][number]['name'];

/** A task whose modes have texts on the page. */
export interface KnownTask extends Task {
  readonly name: TaskName;
  readonly modes: readonly (Mode & { readonly label: ModeLabel })[];
}

export const TASKS: readonly KnownTask[] = ALL;

/** @throws SimError that lists the tasks there are */
export function findTask(name: string): KnownTask {
  const task = TASKS.find((candidate) => candidate.name === name);
  if (!task) {
    const names = TASKS.map((candidate) => candidate.name).join(', ');
    throw new SimError(`unknown task: expected one of ${names}, got "${name}"`);
  }
  return task;
}
