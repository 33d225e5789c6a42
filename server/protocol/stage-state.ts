import type { SoughtMoment, StageCommand, StageSettings } from './stage.ts';

/** What a stage has been asked for so far: one that takes its place begins with this. */
export interface StageState {
  readonly settings: StageSettings;
  readonly playing: boolean;
  /** Plays to it as fast as it can, and rests there. */
  readonly until?: SoughtMoment | undefined;
}

/**
 * What has been asked for after one more command.
 *
 * @param before null where no stage has been opened
 * @returns      null where still none is: only `set` opens one
 */
export function stageAfter(before: StageState | null, command: StageCommand): StageState | null {
  // A new stage plays until it is told otherwise.
  if (command.kind === 'set') {
    const { settings, until } = command;
    return { playing: true, ...before, ...(until && { until }), settings };
  }
  if (!before) return null;
  const { settings } = before;
  switch (command.kind) {
    case 'play':
      return { ...before, playing: command.playing, until: command.until };
    case 'speed':
      return { ...before, settings: { ...settings, speed: command.speed } };
    case 'attention':
      return { ...before, settings: { ...settings, attention: command.attention } };
    case 'next':
      return before;
  }
}
