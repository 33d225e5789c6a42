import { useRef } from 'preact/hooks';
import { PixelCanvas } from '../pixel-canvas.tsx';
import { type EditorState, SIDE } from './editor-state.ts';
import { l } from './texts.ts';

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A picture to paint on, by a pointer that is dragged over it or by keys. */
export function PixelEditor({ of }: { of: EditorState }) {
  const paper = useRef<HTMLButtonElement>(null);
  const { cursor } = of;

  function paintAt({ clientX, clientY }: PointerEvent): void {
    const box = paper.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const row = Math.floor((SIDE * (clientY - box.top)) / box.height);
    const column = Math.floor((SIDE * (clientX - box.left)) / box.width);
    of.paint(row, column);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [row, column] = cursor.value;
    const move = MOVES[event.key];
    if (move) {
      const within = (place: number) => Math.min(SIDE - 1, Math.max(0, place));
      cursor.value = [within(row + move[0]), within(column + move[1])];
    } else if (event.key === 'Enter' || event.key === ' ') {
      of.begin();
      of.paint(row, column);
    } else return;
    event.preventDefault();
  }

  const [row, column] = cursor.value;
  return (
    <button
      ref={paper}
      type="button"
      class="live-paper"
      aria-label={l.value.editorLabel}
      data-testid="live-paper"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        of.begin();
        paintAt(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) paintAt(event);
      }}
      onKeyDown={onKeyDown}
    >
      <PixelCanvas rgb={of.rgb.value} size={SIDE} label={null} testid="live-paper-pixels" />
      <span
        class="live-cursor"
        style={{ left: `${(100 * column) / SIDE}%`, top: `${(100 * row) / SIDE}%` }}
      />
    </button>
  );
}
