import { useSignalEffect } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { distinctNameOf } from '../role-text.ts';
import { useApp } from '../state/app.ts';

/** Tells screen readers what the eye sees: how each policy's episode ends. */
export function Announcer() {
  const { cast, player, view } = useApp();
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
      return marks?.success == null ? [] : [text.stage.announce(name, text.stage.grasped)];
    });
    if (outcomes.length > 0) view.announcement.value = outcomes.join('; ');
  });
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {view.announcement.value}
    </p>
  );
}
