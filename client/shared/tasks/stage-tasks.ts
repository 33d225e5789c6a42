import { findTask, type KnownTask, TASKS, type TaskName } from '../../../sim/tasks/index.ts';
import { ANY_GOAL, type Goal } from '../../../sim/tasks/task.ts';

/** Tasks the stage can show, in the order they are offered; a first visit shows the first. */
export const STAGE_TASKS = TASKS.map(({ name }) => name);
export type StageTask = TaskName;

export function taskOf(name: StageTask): KnownTask {
  return findTask(name);
}

/** Whether one can say something to whoever acts in it. */
export function canBeTold(name: StageTask): boolean {
  return taskOf(name).language !== undefined;
}

/** How many posts stand in the way. */
export function postsOf(name: StageTask): number {
  return taskOf(name).scene.obstacles.length;
}

/** How many right answers a start has where nothing is said: every mode, with every object. */
export function answersOf(name: StageTask): number {
  const { modes, objectNames, language } = taskOf(name);
  return modes.length * (language ? objectNames.length : 1);
}

/** What an instruction asks for; nothing in a task without a language. */
export function goalOf(name: StageTask, instruction: string | null): Goal {
  return taskOf(name).language?.understand(instruction ?? '') ?? ANY_GOAL;
}
