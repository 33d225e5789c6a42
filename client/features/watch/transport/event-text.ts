import { INVALID, type ModeIndex } from '../../../../server/protocol/frames.ts';
import { modesOf } from '../../../shared/tasks/modes.ts';
import { formatMs } from '../../../shared/widgets/format.ts';
import { t } from '../../../texts.ts';
import type { TrackEvent } from '../playback/events.ts';

/** What an event is, in words. */
export function eventText(event: TrackEvent, task: string): string {
  const text = t.value.transport.marks;
  const modes = modesOf(task);
  const way = (mode: ModeIndex) =>
    mode === INVALID ? t.value.stage.split.invalid : (modes[mode]?.text ?? '–');
  switch (event.kind) {
    case 'plan':
      return (event.late ? text.late : text.plan)(formatMs(event.milliseconds));
    case 'turns':
      return text.turns(way(event.from), way(event.to));
    default:
      return text[event.kind];
  }
}
