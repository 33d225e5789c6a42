import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import type { Placing } from '../../../sim/tasks/task.ts';
import { useApp } from '../../app.ts';
import { isLane } from '../../shared/lanes/lanes.ts';
import { nearestPlace } from '../../shared/tasks/placing.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import type { ViewRect } from '../../stage/index.ts';
import { t } from '../../texts.ts';
import { createSample } from './playback/track.ts';
import type { StageBinding } from './stage-binding.ts';

/** Between the middle of a ball and the word beside it, and on to the view's edge, CSS px. */
const BESIDE = 22;

const sample = createSample();

/** Whether the ball is where one can take it, and not in a hand or knocked away. */
function lies([x, y, z]: Float32Array, placing: Placing): boolean {
  const [nearX, nearY] = nearestPlace(placing, x, y);
  return z < 1.2 * BALL.radius && Math.hypot(nearX - x, nearY - y) < BALL.radius;
}

/** A word beside the ball, until someone has dragged it: nothing else says that one can. */
export function BallHint({
  binding,
  frames,
  view: rect,
}: {
  binding: StageBinding;
  frames: ReadonlySignal<number>;
  view: ViewRect | null;
}) {
  const { player, settings, view } = useApp();
  const element = useRef<HTMLDivElement>(null);
  const shownIn = useSignal(rect);
  shownIn.value = rect;
  useSignalEffect(() => {
    frames.value;
    const hint = element.current;
    if (!hint) return;
    const { id = null, x: left = 0, width = 0 } = shownIn.peek() ?? {};
    const track = player.track.peek();
    const shown =
      id !== null &&
      isLane(id) &&
      !view.dragging.peek() &&
      track?.sample(id, player.position.peek(), sample) === true;
    const { placing } = taskOf(settings.task.peek());
    const places = shown
      ? sample.objects.flatMap((ball) =>
          lies(ball, placing) ? (binding.screenPosition(id, ball) ?? []) : [],
        )
      : [];
    // It stands on the right of its ball, where it must not cover another.
    const at = places.sort((a, b) => b.x - a.x)[0];
    hint.style.visibility = at ? 'visible' : 'hidden';
    const word = hint.firstElementChild?.scrollWidth ?? 0;
    // Never on its left: there it would cover another ball.
    hint.classList.toggle('below', at !== undefined && at.x + BESIDE + word > left + width);
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
