import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, ROOT, type Source, sourcesIn, withoutComments } from '../../support/sources.ts';

const client = sourcesIn('client');
const sheets = client.filter(({ path }) => path.endsWith('.css'));
/** What may name a class: not what is only read. */
const views = client.filter(
  ({ path }) => !/\.css$|\/(texts|ways|glossary)-(en|zh)\.ts$/.test(path),
);

/** The documents themselves, whose bodies a room may give a class. */
const documents = [
  'client/index.html',
  'client/lesson/index.html',
  'client/pictures/index.html',
  'client/glossary/index.html',
].map((path): Source => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Every list of selectors of a sheet, each with all that it holds for. */
function selectorsOf({ text }: Source): string[] {
  return codeOf(text)
    .split(/[{};]/)
    .map((part) => part.trim())
    .filter((part) => /(^|[\s:(>,])\.[a-z]|[a-z]\.[a-z]/i.test(part) && !part.startsWith('@'))
    .flatMap((part) => part.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim());
}

function classesOf(selector: string): string[] {
  return Array.from(selector.matchAll(/\.([a-z][\w-]*)/gi), ([, name]) => name);
}

/** The words within a source's strings, and the beginnings of those that a template completes. */
function namedIn(sources: readonly Source[]): (name: string) => boolean {
  const strings = sources.flatMap(({ text }) =>
    Array.from(withoutComments(text).matchAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g), ([all]) => all),
  );
  const words = new Set(strings.flatMap((each) => each.match(/[a-z][\w-]*/gi) ?? []));
  const begun = strings.flatMap((each) =>
    Array.from(each.matchAll(/([a-z][\w-]*-)\$\{/gi), ([, beginning]) => beginning),
  );
  return (name) => words.has(name) || begun.some((beginning) => name.startsWith(beginning));
}

/** The room that a sheet belongs to: a feature, the frame, or what all of them share. */
function roomOf(path: string): string {
  return /^client\/(features\/[^/]+|shell|shared)/.exec(path)?.[0] ?? posix.dirname(path);
}

describe('a rule of style', () => {
  it('is for classes that some view gives', () => {
    const given = namedIn([...views, ...documents]);
    const unused = sheets.flatMap(({ path, text }) =>
      selectorsOf({ path, text }).flatMap((selector) =>
        classesOf(selector).every(given) ? [] : [`${path}: ${selector}`],
      ),
    );
    expect(unused).toEqual([]);
  });

  it('lies with a room that gives one of its classes', () => {
    const elsewhere = sheets
      .filter(({ path }) => path.startsWith('client/features/'))
      .flatMap((sheet) => {
        const room = roomOf(sheet.path);
        const ours = views.filter(({ path }) => roomOf(path) === room);
        const given = namedIn([...ours, ...documents]);
        return selectorsOf(sheet)
          .filter((selector) => !classesOf(selector).some(given))
          .map((selector) => `${sheet.path}: ${selector}`);
      });
    expect(elsewhere).toEqual([]);
  });

  it('is read from every sheet: rules are found', () => {
    expect(sheets.length).toBeGreaterThan(20);
    expect(sheets.flatMap(selectorsOf).length).toBeGreaterThan(500);
  });
});
