import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { explain, explained, leave, stopExplaining } from './explained.ts';
import type { TermId } from './terms.ts';

/** The element in which words are explained. */
export const NOTE_ID = 'term-note';

/** Where the mouse came to a word or left one last. */
let pointedAt = '';

/** For a mouse that comes to a word or leaves it: says whether it is the mouse that has moved, or the word. */
const onMouse = (then: (moved: boolean) => void) => (event: PointerEvent) => {
  if (event.pointerType !== 'mouse') return;
  const before = pointedAt;
  pointedAt = `${event.clientX},${event.clientY}`;
  then(pointedAt !== before);
};

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
      onPointerEnter={onMouse((moved) => {
        if (moved) show();
      })}
      onPointerLeave={onMouse(leave)}
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
