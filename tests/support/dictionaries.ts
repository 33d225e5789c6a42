import type { Language } from '../../client/texts.ts';
import { type Dictionary, en } from '../../client/texts-en.ts';
import { zh } from '../../client/texts-zh.ts';

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };
