import { afterEach, describe, expect, it } from 'vitest';
import { COMPARE_TEXTS } from '../../client/features/compare/texts.ts';
import { LATENCY_TEXTS } from '../../client/features/explain/latency-texts.ts';
import { lessonEn } from '../../client/features/lesson/texts-en.ts';
import { lessonZh } from '../../client/features/lesson/texts-zh.ts';
import { RECORDED_TEXTS } from '../../client/features/watch/recorded/texts.ts';
import { language, speak, t } from '../../client/texts.ts';
import { DICTIONARIES, PICTURES } from '../support/dictionaries.ts';
import { codeOf, sourcesIn } from '../support/sources.ts';

/** Every text of a dictionary, by its path. */
function entries(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => entries(inner, `${path}.${key}`));
}

const english = new Map(
  entries({
    ...{ ...DICTIONARIES.en, lesson: lessonEn, '/pictures': PICTURES.en },
    compare: COMPARE_TEXTS.en,
    latency: LATENCY_TEXTS.en,
    recorded: RECORDED_TEXTS.en,
  }),
);
const chinese = new Map(
  entries({
    ...{ ...DICTIONARIES.zh, lesson: lessonZh, '/pictures': PICTURES.zh },
    compare: COMPARE_TEXTS.zh,
    latency: LATENCY_TEXTS.zh,
    recorded: RECORDED_TEXTS.zh,
  }),
);
const HAN = /\p{Script=Han}/u;

/** Texts that are the same in both: names, units, symbols. */
const SAME = [
  '.short.l2',
  '.short.lstm',
  '.sampler.ddim',
  '.sampler.ddpm',
  '.sampler.dpm-solver++',
  '.sampler.euler',
  '.sampler.heun',
  '.demos.columns.index',
  '.why.tallyTa',
  '.alone.commands',
];

describe('the dictionaries', () => {
  it('say the same things', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english.keys()])('have a text at %s in each language', (path) => {
    for (const text of [english.get(path), chinese.get(path)]) {
      if (typeof text === 'function') continue;
      expect(typeof text).toBe('string');
      expect(text).not.toBe('');
    }
    expect(typeof chinese.get(path)).toBe(typeof english.get(path));
  });

  it('take the same arguments', () => {
    for (const [path, text] of english) {
      const other = chinese.get(path);
      if (typeof text === 'function' && typeof other === 'function') {
        expect([path, other.length]).toEqual([path, text.length]);
      }
    }
  });

  it('are in their own languages', () => {
    const wrong = [...chinese].filter(
      ([path, text]) => typeof text === 'string' && !HAN.test(text) && !SAME.includes(path),
    );
    expect(wrong).toEqual([]);
    expect([...english].filter(([, text]) => typeof text === 'string' && HAN.test(text))).toEqual(
      [],
    );
  });

  it.each(['en', 'zh'])(
    'take no key of each other where rooms are put together, in %s',
    async (l) => {
      const files = sourcesIn('client').filter(
        ({ path }) =>
          path.endsWith(`/texts-${l}.ts`) &&
          path !== `client/texts-${l}.ts` &&
          // Are put together by a page of their own, or come with their panel.
          !path.startsWith('client/features/pictures/') &&
          !path.startsWith('client/features/experiments/') &&
          !path.startsWith('client/features/compare/'),
      );
      expect(files.length).toBeGreaterThan(7);
      const rooms = await Promise.all(files.map(({ path }) => import(`../../${path}`)));
      const own = rooms.flatMap((room) => Object.entries<object>(room));
      const keys = own.flatMap(([name, texts]) =>
        name.startsWith('lesson') ? [] : Object.keys(texts),
      );
      expect(keys.sort()).toEqual(Object.keys(DICTIONARIES[l === 'en' ? 'en' : 'zh']).sort());
    },
  );

  it('hold every text of the page: no component has words of its own', () => {
    const words = sourcesIn('client')
      .filter(({ path }) => path.endsWith('.tsx'))
      .flatMap(({ path, text }) =>
        Array.from(codeOf(text).matchAll(/>\s*([A-Z][a-z]+ [a-z]+[^<>{}();=]*)</g), ([, found]) => {
          return `${path}: ${found.trim()}`;
        }),
      );
    expect(words).toEqual([]);
  });
});

describe('the page', () => {
  afterEach(() => speak('en'));

  it('speaks English at once, and another language once it has its texts', async () => {
    expect([language.value, t.value]).toEqual(['en', DICTIONARIES.en]);
    const spoken = speak('zh');
    expect([language.value, t.value]).toEqual(['en', DICTIONARIES.en]);
    await spoken;
    expect([language.value, t.value]).toEqual(['zh', DICTIONARIES.zh]);
  });

  it('speaks the later of two languages asked for in turn', async () => {
    await Promise.all([speak('zh'), speak('en')]);
    expect([language.value, t.value]).toEqual(['en', DICTIONARIES.en]);
  });
});
