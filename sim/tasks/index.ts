import { SimError } from '../errors.ts';
import { leftRight } from './left-right.ts';
import { leftRightColour } from './left-right-colour.ts';
import type { Task } from './task.ts';

export const TASKS: readonly Task[] = [leftRight, leftRightColour];

/** @throws SimError that lists the tasks there are */
export function findTask(name: string): Task {
  const task = TASKS.find((candidate) => candidate.name === name);
  if (!task) {
    const names = TASKS.map((candidate) => candidate.name).join(', ');
    throw new SimError(`unknown task: expected one of ${names}, got "${name}"`);
  }
  return task;
}
