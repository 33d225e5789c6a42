import { type ModeLabel, TASKS } from '../../../sim/tasks/index.ts';
import { t } from '../../texts.ts';

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
