import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { explain, explained, leave, stopExplaining } from './explained.ts';
import type { TermId } from './terms.ts';

/** The element in which words are explained. */
export const NOTE_ID = 'term-note';

/** Where the pointer came to a word or left one last. */
let pointedAt = '';

/** Whether the pointer has moved since then. What moves beneath a resting one asks for nothing. */
function hasMoved({ clientX, clientY }: { clientX: number; clientY: number }): boolean {
  const before = pointedAt;
  pointedAt = `${clientX},${clientY}`;
  return pointedAt !== before;
}

/** A word that is explained on hover, focus and tap. */
export function Term({ id, children }: { id: TermId; children: ComponentChildren }) {
  const word = useRef<HTMLButtonElement>(null);
  const isExplained = explained.value !== null && explained.value.word === word.current;
  const show = () => {
    if (word.current) explain(id, word.current);
  };
  return (
    <button
      ref={word}
      type="button"
      class="term"
      aria-describedby={isExplained ? NOTE_ID : undefined}
      data-term={id}
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse' && hasMoved(event)) show();
      }}
      onPointerLeave={(event) => {
        if (event.pointerType !== 'mouse') return;
        hasMoved(event);
        leave();
      }}
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(':focus-visible')) show();
      }}
      onBlur={stopExplaining}
      onClick={(event) => {
        // Within a label it is not its control that is meant.
        event.preventDefault();
        const tapped = 'pointerType' in event && event.pointerType !== 'mouse';
        if (isExplained && tapped) stopExplaining();
        else show();
      }}
    >
      {children}
    </button>
  );
}
