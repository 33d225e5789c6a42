import {
  findTask,
  type KnownTask,
  type ModeLabel,
  TASKS,
  type TaskName,
} from '../sim/tasks/index.ts';
import { ANY_GOAL, type Goal } from '../sim/tasks/task.ts';
import { t } from './i18n/index.ts';

/** Tasks the stage can show, in the order they are offered; a first visit shows the first. */
export const STAGE_TASKS = TASKS.map(({ name }) => name);
export type StageTask = TaskName;
export type { ModeLabel };

export function taskOf(name: StageTask): KnownTask {
  return findTask(name);
}

/** Whether one can say something to whoever acts in it. */
export function canBeTold(name: StageTask): boolean {
  return taskOf(name).language !== undefined;
}

/** What an instruction asks for; nothing in a task without a language. */
export function goalOf(name: StageTask, instruction: string | null): Goal {
  return taskOf(name).language?.understand(instruction ?? '') ?? ANY_GOAL;
}

/** A task's mode as the page shows it. */
export interface ShownMode {
  readonly name: string;
  readonly label: ModeLabel;
  /** In the page's language. */
  readonly text: string;
  /** Of CSS. */
  readonly colour: string;
}

/** The modes of a task in its order; none of one that this version does not know. */
export function modesOf(task: string): readonly ShownMode[] {
  const known = TASKS.find(({ name }) => name === task);
  return (known?.modes ?? []).map(({ name, label, colour }) => ({
    name,
    label,
    text: t.value.mode[label],
    colour: `#${colour.toString(16).padStart(6, '0')}`,
  }));
}

/** A mode of a task; null for null, and for a mode or task that this version does not know. */
export function modeOf(task: string, mode: string | null): ShownMode | null {
  return modesOf(task).find(({ name }) => name === mode) ?? null;
}
