import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, sourcesIn } from '../support/sources.ts';

const MAP = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const ROOMS = ['sim', 'policies', 'demos', 'server', 'client', 'scripts', 'tests'];
const sources = ROOMS.flatMap(sourcesIn);
const PATH = `(?:${ROOMS.join('|')})/[\\w./{},-]+`;

/** `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`. */
function spelledOut(path: string): string[] {
  const [, head, names, tail] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  return names ? names.split(',').flatMap((name) => spelledOut(head + name + tail)) : [path];
}

/** What lies at a path: a file, with or without its ending, or all of a folder. */
function foundAt(path: string): typeof sources {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return sources.filter(
    (source) =>
      source.path === path || source.path === `${path}.ts` || source.path.startsWith(folder),
  );
}

it('names only files and folders that there are', () => {
  const named = [...MAP.matchAll(new RegExp(`\`(${PATH})\``, 'g'))]
    .flatMap(([, path]) => spelledOut(path))
    // In the table of what an addition touches.
    .filter((path) => !path.includes('NAME'));
  expect(named.length).toBeGreaterThan(80);
  const isThere = (path: string) => foundAt(path).length > 0 || existsSync(join(ROOT, path));
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

it('names functions and classes by the file that has them', () => {
  const named = [...MAP.matchAll(new RegExp(`\`([A-Za-z][\\w.]*)\`\\s+\\(\`(${PATH})\``, 'g'))];
  expect(named.length).toBeGreaterThan(30);
  const missing = named.filter(([, name, path]) => {
    const last = name.split('.').at(-1);
    return !foundAt(path).some(({ text }) => new RegExp(`\\b${last}\\b`).test(text));
  });
  expect(missing.map(([all]) => all)).toEqual([]);
});
