import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { BALL } from '../../sim/tasks/left-right.ts';
import { ballPlace } from '../ball-bounds.ts';
import { t } from '../i18n/index.ts';
import { isLane } from '../lanes.ts';
import { createSample } from '../playback/track.ts';
import { useApp } from '../state/app.ts';
import type { StageBinding } from './stage-binding.ts';

const sample = createSample();

/** Whether the ball is where one can take it, and not in a hand or knocked away. */
function lies([x, y, z]: Float32Array): boolean {
  const [nearX, nearY] = ballPlace(x, y);
  return z < 1.2 * BALL.radius && Math.hypot(nearX - x, nearY - y) < BALL.radius;
}

/** A word beside the ball, until someone has dragged it: nothing else says that one can. */
export function BallHint({
  binding,
  frames,
  view: id,
}: {
  binding: StageBinding;
  frames: ReadonlySignal<number>;
  view: string | null;
}) {
  const { player, view } = useApp();
  const element = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    frames.value;
    const hint = element.current;
    if (!hint) return;
    const track = player.track.peek();
    const shown =
      id !== null &&
      isLane(id) &&
      !view.dragging.peek() &&
      track?.sample(id, player.position.peek(), sample) === true &&
      lies(sample.object);
    const at = shown && id !== null ? binding.screenPosition(id, sample.object) : null;
    hint.style.visibility = at ? 'visible' : 'hidden';
    // Moved by transform alone, so that no layout follows from it.
    if (at) hint.style.transform = `translate(${Math.round(at.x)}px, ${Math.round(at.y)}px)`;
  });
  if (view.hasDragged.value) return null;
  return (
    <div class="ball-hint" ref={element} aria-hidden="true">
      <span>{t.value.stage.dragHere}</span>
    </div>
  );
}
