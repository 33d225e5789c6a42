import { leftRight } from '../../../sim/tasks/left-right.ts';
import { leftRightColour } from '../../../sim/tasks/left-right-colour.ts';
import type { Goal, Task } from '../../../sim/tasks/task.ts';

/** Tasks the stage can show, in the order they are offered; a first visit shows the first. */
export const STAGE_TASKS = ['left-right', 'left-right-colour'] as const;
export type StageTask = (typeof STAGE_TASKS)[number];

const TASKS: Readonly<Record<StageTask, Task>> = {
  'left-right': leftRight,
  'left-right-colour': leftRightColour,
};

export function taskOf(name: StageTask): Task {
  return TASKS[name];
}

/** Whether one can say something to whoever acts in it. */
export function canBeTold(name: StageTask): boolean {
  return TASKS[name].language !== undefined;
}

/** What an instruction asks for; nothing in a task without a language. */
export function goalOf(name: StageTask, instruction: string | null): Goal {
  return TASKS[name].language?.understand(instruction ?? '') ?? { object: null, mode: null };
}
