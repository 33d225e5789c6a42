import { useComputed, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { frontCamera, sceneShapes } from '../../../sim/camera/index.ts';
import { findTask } from '../../../sim/index.ts';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { t } from '../../texts.ts';
import { createSample } from './playback/track.ts';

/** The picture a lane's policy acts from. Nothing for one that is told where objects are. */
export function SeenPicture({ lane }: { lane: LaneId }) {
  const { sees } = useApp().cast.of(lane);
  return sees === null ? null : <Picture lane={lane} size={sees} />;
}

/** Rendered here as the server renders it for the policy: the same code, the same bytes. */
function Picture({ lane, size }: { lane: LaneId; size: number }) {
  const { player } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const camera = useMemo(() => frontCamera(size), [size]);
  const sample = useMemo(createSample, []);
  // One picture per control step. Null before the first.
  const step = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    if (!track || track.empty) return null;
    return Math.min(Math.floor(player.position.value), track.lastStep);
  });
  useSignalEffect(() => {
    const track = player.track.value;
    const context = canvas.current?.getContext('2d');
    if (!context || !track || step.value === null) return;
    if (!track.sample(lane, step.value, sample)) return;
    const { joints, opening, objects } = sample;
    const { rgb } = camera.render(
      // Of the episode: the page may be at another task already.
      sceneShapes(findTask(track.info.task), {
        state: [...joints, opening],
        objects: objects.map(([x, y, z]) => [x, y, z]),
      }),
    );
    const pixels = context.createImageData(size, size);
    for (let i = 0; i < size * size; i++) {
      for (let k = 0; k < 3; k++) pixels.data[4 * i + k] = rgb[3 * i + k];
      pixels.data[4 * i + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  });
  const text = t.value.sees;
  return (
    <figure class="seen" title={text.picture(size)} data-testid={`lane-${lane}-seen`}>
      <canvas ref={canvas} width={size} height={size} role="img" aria-label={text.picture(size)} />
      <figcaption>{text.short}</figcaption>
    </figure>
  );
}
