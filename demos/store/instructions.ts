import { findTask, type Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';

/** All instructions of a task's episodes, in the order of `meta/tasks.parquet`. */
export function instructionsOf({ language, instruction }: Task): readonly string[] {
  return language ? language.phrases.map(({ text }) => text) : [instruction];
}

/** The instruction of an episode's demonstrator. */
export function instructionOf(
  { language, instruction }: Task,
  { initial }: Pick<Demonstration, 'initial'>,
): string {
  return language ? (initial.instruction ?? '') : instruction;
}

const numbered = new Map<string, ReadonlyMap<string, number>>();

/** LeRobot's `task_index` of an episode; undefined for words that are no sentence of the task's. */
export function taskIndexOf(
  demonstration: Pick<Demonstration, 'task' | 'initial'>,
): number | undefined {
  const task = findTask(demonstration.task);
  const known =
    numbered.get(task.name) ?? new Map(instructionsOf(task).map((text, i) => [text, i]));
  numbered.set(task.name, known);
  return known.get(instructionOf(task, demonstration));
}
