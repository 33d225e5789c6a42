import { effect, useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { language, t } from '../../texts.ts';
import { explained, leave, loadGlossary, stay, stopExplaining } from './explained.ts';
import { placeOfNote } from './note-place.ts';
import { NOTE_ID } from './term.tsx';
import type { Entry, Glossary } from './terms.ts';

/** What explains the words of the page, in the browser's top layer; once a page. */
export function TermNote() {
  const note = useRef<HTMLDivElement>(null);
  const glossary = useSignal<Glossary | null>(null);
  const failed = useSignal(false);
  useSignalEffect(() => {
    const spoken = language.value;
    if (explained.value === null) return;
    loadGlossary(spoken).then(
      (loaded) => {
        if (language.peek() === spoken) glossary.value = loaded;
        failed.value = false;
      },
      () => {
        failed.value = true;
      },
    );
  });
  // At once: a key that came before the next frame would be another's.
  useLayoutEffect(() => effect(listenToEscape), []);
  // With the next frame: what brings a word into sight scrolls.
  useSignalEffect(() => {
    const { word } = explained.value ?? {};
    if (!word) return undefined;
    const abort = new AbortController();
    const options = { signal: abort.signal, capture: true };
    const onPress = ({ target }: Event) => {
      if (!(target instanceof Node)) return;
      if (!word.contains(target) && !note.current?.contains(target)) stopExplaining();
    };
    const onScroll = ({ target }: Event) => {
      // The word has moved away from it, or has gone.
      if (!(target instanceof Node) || !note.current?.contains(target)) stopExplaining();
    };
    window.addEventListener('pointerdown', onPress, options);
    window.addEventListener('scroll', onScroll, options);
    window.addEventListener('resize', stopExplaining, options);
    return () => abort.abort();
  });
  const asked = explained.value;
  const entry = asked && (glossary.value?.[asked.id] ?? null);
  useLayoutEffect(() => {
    const element = note.current;
    if (!element) return;
    if (!asked?.word.isConnected) {
      element.hidePopover();
      return;
    }
    element.showPopover();
    const { x, y } = placeOfNote(
      asked.word.getBoundingClientRect(),
      element.getBoundingClientRect(),
      {
        width: document.documentElement.clientWidth,
        height: innerHeight,
      },
    );
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  }, [asked, entry]);
  return (
    <div
      ref={note}
      id={NOTE_ID}
      class="term-note"
      popover="manual"
      role="tooltip"
      data-testid="term-note"
      onPointerEnter={stay}
      onPointerLeave={leave}
    >
      {entry ? (
        <EntryText entry={entry} />
      ) : (
        <p>{failed.value ? t.value.connection.offline : t.value.loading}</p>
      )}
    </div>
  );
}

/** While a word is explained, the key ends that alone. */
function listenToEscape(): (() => void) | undefined {
  if (explained.value === null) return undefined;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    stopExplaining();
  };
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}

/** An entry as it stands in a note, under its name. */
function EntryText({ entry: { name, about, formula, paper } }: { entry: Entry }) {
  return (
    <>
      <b>{name}</b>
      <p>{about}</p>
      {formula && <p class="formula">{formula}</p>}
      {paper && <p class="hint">{paper}</p>}
    </>
  );
}
