import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { t } from '../../texts.ts';

/** Holds the moment, and shows how the view's plan came out of noise. */
export function DenoiseButton({ lane }: { lane: LaneId }) {
  const { player, view } = useApp();
  const text = t.value.denoise;
  const open = view.side.value === 'denoise' && view.denoise.value === lane;
  return (
    <button
      type="button"
      class="chip chip-button quiet denoise-open"
      title={text.openTitle}
      aria-pressed={open}
      data-testid={`lane-${lane}-denoise`}
      onClick={() => {
        player.pause();
        view.denoise.value = lane;
        view.side.value = open ? null : 'denoise';
      }}
    >
      {text.open}
    </button>
  );
}
