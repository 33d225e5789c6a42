import type { ModeIndex } from '../../../server/protocol/frames.ts';
import { t } from '../../texts.ts';
import { modesOf, type ShownMode } from './modes.ts';
import { goalOf, type StageTask, taskOf } from './stage-tasks.ts';

/** What a lane holds up, and whether that is what it was told. */
export interface ToldOutcome {
  readonly object: string;
  /** The way it went; null where that cannot be told. */
  readonly mode: ShownMode | null;
  /** Null where nothing was asked for. */
  readonly obeyed: 'yes' | 'wrong object' | 'wrong side' | null;
}

/** @returns null while nothing is held up */
export function toldOutcome(
  task: StageTask,
  instruction: string | null,
  { lifted, mode: index }: { readonly lifted: number; readonly mode: ModeIndex },
): ToldOutcome | null {
  const object = taskOf(task).objectNames[lifted];
  if (object === undefined) return null;
  const goal = goalOf(task, instruction);
  const mode = modesOf(task)[index] ?? null;
  const rightObject = goal.object === null || goal.object === object;
  const rightSide = goal.mode === null || goal.mode === mode?.name;
  if (goal.object === null && goal.mode === null) return { object, mode, obeyed: null };
  if (!rightObject) return { object, mode, obeyed: 'wrong object' };
  return { object, mode, obeyed: rightSide ? 'yes' : 'wrong side' };
}

/** "green ball, left: as told". */
export function outcomeText(outcome: ToldOutcome): string {
  const { obeyed } = outcome;
  const text = t.value.told;
  const what = liftedText(outcome);
  return obeyed === null ? what : text.judged(what, text.obeyed[obeyed]);
}

/** "green ball, left". */
export function liftedText({ object, mode }: ToldOutcome): string {
  const name = objectText(object);
  return mode === null ? name : t.value.told.lifted(name, mode.text);
}

/** An object of a task as people call it. */
export function objectText(name: string): string {
  return Object.entries(t.value.object).find(([key]) => key === name)?.[1] ?? name;
}
