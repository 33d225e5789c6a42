import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { explain, explained, leave, stopExplaining } from './explained.ts';
import type { TermId } from './terms.ts';

/** The element in which words are explained. */
export const NOTE_ID = 'term-note';

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
      onPointerEnter={({ pointerType }) => {
        if (pointerType === 'mouse') show();
      }}
      onPointerLeave={({ pointerType }) => {
        if (pointerType === 'mouse') leave();
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
