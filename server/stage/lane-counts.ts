import type { Goal, Progress } from '../../sim/index.ts';
import type { LaneCounts, StageSettings } from '../protocol/stage.ts';

/** Outcomes after one more episode. */
export function count(
  counts: LaneCounts,
  { success, contact, mode }: Progress,
  goal: Goal,
): LaneCounts {
  const modes = { ...counts.modes };
  if (success && mode !== null) modes[mode] = (modes[mode] ?? 0) + 1;
  return {
    episodes: counts.episodes + 1,
    successes: counts.successes + Number(success),
    contacts: counts.contacts + Number(contact),
    obeyed: counts.obeyed + Number(success && (goal.mode ?? mode) === mode),
    modes,
  };
}

/** Whether outcomes under some settings may be counted with those under others. */
export function sameAttempts(one: StageSettings, other: StageSettings): boolean {
  return JSON.stringify(attemptsOf(one)) === JSON.stringify(attemptsOf(other));
}

function attemptsOf(settings: StageSettings): unknown[] {
  const { task, seed, instruction, perturb, chunking, objects } = settings;
  return [task, seed, instruction, perturb, chunking?.scheme, chunking?.delay, objects];
}
