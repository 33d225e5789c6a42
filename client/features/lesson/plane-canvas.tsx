import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Point } from '../../../policies/lesson/mixture.ts';
import type { LiveKind } from '../../../policies/lesson/target.ts';
import { SCALE } from '../../../policies/lesson/worked-example.ts';
import { useWidth } from '../../shared/widgets/use-width.ts';
import { t } from '../../texts.ts';
import { useLesson } from './lesson-context.ts';
import { REACH } from './lesson-state.ts';
import { PlanePainter, toPlane } from './plane-view.ts';
import { lessonText } from './texts.ts';

/** What a key moves the cursor by. */
const STEP = 0.1;

/** The plane in which one kind draws its points; a press drops a point of one's own. */
export function PlaneCanvas({ kind }: { kind: LiveKind }) {
  const lesson = useLesson();
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<PlanePainter | null>(null);
  const size = useWidth(canvas);
  const cursor = useSignal<Point | null>(null);

  useSignalEffect(() => {
    const element = canvas.current;
    const side = size.value;
    const picture = {
      kind,
      square: lesson.square.value,
      unit: lesson.targetName.value === 'point' ? SCALE : 1,
      mixture: lesson.target.value?.mixture ?? null,
      paths: lesson.paths.value?.[kind] ?? null,
      progress: lesson.progress.value,
      field: lesson.fields.value?.[kind] ?? null,
      arrows: { learnt: lesson.arrows.learnt.value, best: lesson.arrows.best.value },
      cursor: cursor.value,
    };
    if (!element || side === 0) return undefined;
    painter.current ??= new PlanePainter(element);
    const paint = painter.current;
    const request = requestAnimationFrame(() => paint.paint(side, picture));
    return () => cancelAnimationFrame(request);
  });

  function moveCursor(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, Point>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, STEP],
      ArrowDown: [0, -STEP],
    };
    const move = moves[event.key];
    if (!move) return;
    const [x, y] = cursor.value ?? [0, 0];
    const clamp = (value: number) => Math.min(REACH, Math.max(-REACH, value));
    cursor.value = [clamp(x + move[0]), clamp(y + move[1])];
    event.preventDefault();
  }

  function drop(event: MouseEvent): void {
    // A key's click comes from nowhere: it means the cursor.
    const byKey = event.detail === 0;
    if (byKey) lesson.toggle(cursor.value ?? [0, 0]);
    else {
      cursor.value = null;
      lesson.toggle(toPlane(lesson.square.value, size.value, [event.offsetX, event.offsetY]));
    }
  }

  const text = lessonText.value;
  return (
    <button
      type="button"
      class="plane"
      aria-label={text.plane(t.value.short[kind])}
      data-testid={`plane-${kind}`}
      onClick={drop}
      onKeyDown={moveCursor}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) cursor.value = [0, 0];
      }}
      onBlur={() => {
        cursor.value = null;
      }}
    >
      <canvas ref={canvas} />
      {lesson.target.value === null && <span class="plane-hint">{text.dropHint}</span>}
    </button>
  );
}
