import { joinEn } from '../../client/features/pictures/join/texts-en.ts';
import { joinZh } from '../../client/features/pictures/join/texts-zh.ts';
import { liveEn } from '../../client/features/pictures/live/texts-en.ts';
import { liveZh } from '../../client/features/pictures/live/texts-zh.ts';
import { picturesEn } from '../../client/features/pictures/texts-en.ts';
import { picturesZh } from '../../client/features/pictures/texts-zh.ts';
import type { Language } from '../../client/texts.ts';
import { type Dictionary, en } from '../../client/texts-en.ts';
import { zh } from '../../client/texts-zh.ts';

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };

/** Of the page of pictures, which alone loads them. */
export const PICTURES: Readonly<Record<Language, PicturesTexts>> = {
  en: { page: picturesEn, live: liveEn, join: joinEn },
  zh: { page: picturesZh, live: liveZh, join: joinZh },
};

interface PicturesTexts {
  readonly page: typeof picturesEn;
  readonly live: typeof liveEn;
  readonly join: typeof joinEn;
}
