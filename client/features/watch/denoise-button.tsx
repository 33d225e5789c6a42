import { isReplayable } from '../../../server/protocol/sources.ts';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** Holds the moment, and shows how the view's plan came out of noise. */
export function DenoiseButton({ lane }: { lane: LaneId }) {
  const { cast, player, view } = useApp();
  const text = t.value.denoise;
  // Its panel is not there within another page.
  if (view.embedded.value) return null;
  // A policy server shows nothing of how it plans.
  const { choice } = cast.of(lane);
  if (choice && !isReplayable(choice.policy)) return null;
  const open = view.side.value === 'denoise' && view.denoise.value === lane;
  return (
    <button
      type="button"
      class={`small denoise-button ${open ? 'on' : ''}`}
      title={text.openTitle}
      aria-label={text.openTitle}
      aria-pressed={open}
      data-testid={`lane-${lane}-denoise`}
      onClick={() => {
        player.pause();
        view.denoise.value = lane;
        view.side.value = open ? null : 'denoise';
      }}
    >
      <Icon name="denoise" size={15} />
      <span>{text.open}</span>
    </button>
  );
}
