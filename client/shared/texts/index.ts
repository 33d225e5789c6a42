import { computed, signal } from '@preact/signals';
import type { Language } from '../../shell/address/url.ts';
import { type Dictionary, en } from './en.ts';
import { zh } from './zh.ts';

export type { Dictionary } from './en.ts';

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };

/** The language of the page. */
export const language = signal<Language>('en');

/** All texts in the language of the page. */
export const t = computed(() => DICTIONARIES[language.value]);
