import type { Goal, Progress } from '../../sim/index.ts';
import type { LaneCounts } from '../protocol/stage.ts';

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
