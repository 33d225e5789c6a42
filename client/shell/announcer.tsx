import { useSignalEffect } from '@preact/signals';
import { useApp } from '../app.ts';
import { createSample } from '../features/watch/playback/track.ts';
import { distinctNameOf } from '../shared/lanes/role-text.ts';
import { outcomeText, toldOutcome } from '../shared/tasks/told-outcome.ts';
import { t } from '../texts.ts';

const sample = createSample();

/** Tells screen readers what the eye sees: how each policy's episode ends. */
export function Announcer() {
  const { cast, player, settings, view } = useApp();
  useSignalEffect(() => {
    player.received.value;
    const track = player.current;
    if (!track) return;
    const text = t.peek();
    const outcomes = track.lanes.flatMap((lane) => {
      const marks = track.marks(lane);
      const name = distinctNameOf(lane, cast);
      if (marks?.contact != null) {
        return [text.stage.announce(name, text.stage.touched)];
      }
      if (marks?.success == null) return [];
      track.sample(lane, track.lastStep, sample);
      const { instruction } = track.info;
      const outcome =
        instruction === null ? null : toldOutcome(settings.task.peek(), instruction, sample);
      const what = outcome ? outcomeText(outcome) : text.stage.grasped;
      return [text.stage.announce(name, what)];
    });
    if (outcomes.length > 0) view.announcement.value = outcomes.join('; ');
  });
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {view.announcement.value}
    </p>
  );
}
