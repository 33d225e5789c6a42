import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { shortNameOf } from '../../shared/lanes/role-text.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import type { ViewRect } from '../../stage/index.ts';
import { t } from '../../texts.ts';
import type { Clearance } from './clearance.ts';
import { type Caption, captionAt } from './playback/captions.ts';
import { FAN_LEAD } from './playback/split.ts';

/** Says in a line what the moment shows, in the view that shows it; one at a time. */
export function StageCaption({
  rects,
  clearance,
}: {
  rects: readonly ViewRect[];
  clearance: Clearance;
}) {
  const { cast, player, session, view } = useApp();
  const caption = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    if (!track) return null;
    const oneAnswer = (lane: LaneId) => cast.of(lane).oneAnswer;
    const found = captionAt(
      track,
      player.position.value + FAN_LEAD,
      oneAnswer,
      view.focus.value ? [view.focus.value] : track.lanes,
    );
    return found && session.info(found.lane) ? found : null;
  });
  // The words and not the caption: an equal one is no news for who listens.
  const words = useComputed(() => {
    const said = caption.value;
    return said
      ? textOf(said, player.track.value?.info.task ?? '', shortNameOf(cast.of(said.lane)))
      : '';
  });
  const lane = useComputed(() => caption.value?.lane ?? null).value;
  const rect = rects.find(({ id }) => id === lane);
  const text = rect ? words.value : '';
  const { bottom, left } = clearance.insets.value;
  const x = (rect?.x ?? 0) + left;
  return (
    <p
      class="stage-caption"
      aria-live="polite"
      data-testid="stage-caption"
      style={{
        left: `${x}px`,
        top: `${(rect?.y ?? 0) + (rect?.height ?? 0) - bottom}px`,
        width: `${(rect?.width ?? 0) - left}px`,
      }}
    >
      {text !== '' && <span>{text}</span>}
    </p>
  );
}

function textOf(caption: Caption, task: string, policy: string): string {
  const text = t.value.caption;
  if (caption.kind === 'mean') return text.mean(policy);
  const { modes } = caption.split;
  const ways = modesOf(task).flatMap(({ text: word }, i) =>
    (modes[i] ?? 0) > 0 ? [`${modes[i]} ${word}`] : [],
  );
  return text.fork(ways.join(', '));
}
