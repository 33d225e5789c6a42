import type { ComponentChildren } from 'preact';

/** Texts about the rollout that a report's link names. */
export const recordedEn = {
  label: 'The recorded rollout',
  which: (start: number, noise: number) => `Start ${start}, noise ${noise}`,
  playing: (which: string, recorded: ComponentChildren) => (
    <>
      {which}: a recorded rollout. When it has ended here, you read whether in the recorded hash{' '}
      {recorded}.
    </>
  ),
  same: (which: string, recorded: ComponentChildren) => (
    <>
      {which} ended in the recorded hash {recorded}: it is that rollout, to the bit.
    </>
  ),
  other: (which: string, got: ComponentChildren, recorded: ComponentChildren) => (
    <>
      {which} ended in {got}, recorded is {recorded}: this was another rollout. Probably the policy
      has other weights here, the program is another version, or other hardware computes it.
    </>
  ),
  assisted: (which: string) => `${which}: a person took the arm, so this is no replay.`,
  unknown: (which: string, message: string) =>
    `${which}: not known whether it ended in the recorded hash: ${message}`,
  elsewhere: (which: string) => `${which} was recorded; something else is shown now.`,
  play: 'Play it',
  ignored: (which: string, field: string) =>
    `${which}: not the recorded rollout is shown, as the link has no valid “${field}”. Copy it whole.`,
  alone: (which: string, batch: number | null) =>
    `${which}: not the recorded rollout is shown. This page has no server and draws plans one at a time, the recording in batches of ${batch ?? '–'}; their last bits differ. “forking-paths replay” with this address replays it.`,
  refused: (which: string) =>
    `${which}: the recorded rollout cannot be played here; the stage says why.`,
};
