import { type ReadonlySignal, signal } from '@preact/signals';
import type { Language } from '../../texts.ts';
import type { Glossary, TermId } from './terms.ts';

/** A word that is explained, and the element that it stands in. */
export interface Explained {
  readonly id: TermId;
  readonly word: HTMLElement;
}

/** How long a pointer may be on its way from a word to its note, ms. */
const CROSSING = 180;

const current = signal<Explained | null>(null);
let leaving: ReturnType<typeof setTimeout> | undefined;

/** The one word that is explained now. */
export const explained: ReadonlySignal<Explained | null> = current;

export function explain(id: TermId, word: HTMLElement): void {
  clearTimeout(leaving);
  if (current.peek()?.word !== word) current.value = { id, word };
}

export function stopExplaining(): void {
  clearTimeout(leaving);
  current.value = null;
}

/** The pointer has left a word or its note: unless it is on its way to the other, that is the end. */
export function leave(): void {
  clearTimeout(leaving);
  leaving = setTimeout(stopExplaining, CROSSING);
}

/** The pointer has come to the note. */
export function stay(): void {
  clearTimeout(leaving);
}

const GLOSSARIES: Readonly<Record<Language, () => Promise<Glossary>>> = {
  en: async () => (await import('./glossary-en.ts')).glossaryEn,
  zh: async () => (await import('./glossary-zh.ts')).glossaryZh,
};

/** All explanations in a language, fetched when the first of them is asked for. */
export function loadGlossary(language: Language): Promise<Glossary> {
  return GLOSSARIES[language]();
}
