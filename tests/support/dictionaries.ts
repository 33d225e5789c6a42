import { picturesEn } from '../../client/features/pictures/texts-en.ts';
import { picturesZh } from '../../client/features/pictures/texts-zh.ts';
import type { Language } from '../../client/texts.ts';
import { type Dictionary, en } from '../../client/texts-en.ts';
import { zh } from '../../client/texts-zh.ts';

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };

/** Of the page of pictures, which alone loads them. */
export const PICTURES: Readonly<Record<Language, typeof picturesEn>> = {
  en: picturesEn,
  zh: picturesZh,
};
