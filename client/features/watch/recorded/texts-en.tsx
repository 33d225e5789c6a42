import type { ComponentChildren } from 'preact';

/** Texts about the rollout that a report's link names. */
export const recordedEn = {
  label: 'The recorded rollout',
  which: (start: number, noise: number) => `Start ${start}, noise ${noise}`,
  playing: (which: string, recorded: ComponentChildren) => (
    <>
      {which}: replaying a recorded rollout. At its end, its hash is compared with the recorded one,{' '}
      {recorded}.
    </>
  ),
  same: (which: string, recorded: ComponentChildren) => (
    <>
      {which} ended in the recorded hash {recorded}: identical to the recording, bit for bit.
    </>
  ),
  other: (which: string, got: ComponentChildren, recorded: ComponentChildren) => (
    <>
      {which} ended in {got}; the recorded hash is {recorded}. This is a different rollout: probably
      the policy’s weights, the program’s version or the hardware differ.
    </>
  ),
  assisted: (which: string) => `${which}: a person took the arm, so this is not a replay.`,
  unknown: (which: string, message: string) =>
    `${which}: the hash it ended in is not known: ${message}`,
  elsewhere: (which: string) => `${which} was recorded; something else is shown now.`,
  play: 'Play it',
  ignored: (which: string, field: string) =>
    `${which}: this is not the recorded rollout, because the link has no valid “${field}”. Copy the whole link.`,
  alone: (which: string, batch: number | null) =>
    `${which}: this is not the recorded rollout. This page has no server and draws plans one at a time; the recording drew them in batches of ${batch ?? '–'}, and the last bits differ. Run “forking-paths replay” with this address.`,
  refused: (which: string) =>
    `${which}: the recorded rollout cannot be played here; the stage says why.`,
};
