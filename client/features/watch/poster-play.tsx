import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** Over a stage that stands still at the first plans, since its reader wants no motion unasked. */
export function PosterPlay() {
  const { player, view } = useApp();
  const poster = useComputed(() => {
    const arrival = player.arrival.value;
    const there = arrival?.wanted === 'first plans' && player.position.value === arrival.at;
    // Who looks at how plans come out of noise has asked for this moment.
    return there && !player.playing.value && view.side.value !== 'denoise';
  });
  if (!poster.value) return null;
  return (
    <button
      type="button"
      class="primary poster-play"
      data-testid="poster-play"
      onClick={() => player.play()}
    >
      <Icon name="play" size={18} /> {t.value.transport.play}
    </button>
  );
}
