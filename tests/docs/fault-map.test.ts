import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The map of faults names tests: a name that leads nowhere would say that something is held which is not. */
const TESTS = join(import.meta.dirname, '..');
const MAP = readFileSync(join(TESTS, 'faults', 'README.md'), 'utf8');

/** `a/{b,c}/d` as `a/b/d` and `a/c/d`. */
function spelledOut(path: string): string[] {
  const braces = /^(.*?)\{([^}]*)\}(.*)$/.exec(path);
  if (braces === null) return [path];
  const [, head = '', names = '', tail = ''] = braces;
  return names.split(',').flatMap((name) => spelledOut(head + name + tail));
}

/** The sources of the test file or of the folder of tests of this name; undefined where there is none. */
function sourcesOf(path: string): string | undefined {
  // Tests that share what is dear to start are in files of cases, which one test file calls.
  const files = ['test', 'cases'].map((kind) => join(TESTS, `${path}.${kind}.ts`));
  const file = files.find((each) => existsSync(each));
  if (file !== undefined) return readFileSync(file, 'utf8');
  const folder = join(TESTS, path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/** Each `path` of a row with the parts of test names that stand in brackets behind it. */
const ENTRIES = MAP.split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
  .flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`([^`]+)`(?: \(([^)]*)\))?/g)])
  .map(([, path = '', names = '']) => ({
    path,
    names: names
      .split(/[;,/…]/)
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  }));

describe('The map of faults', () => {
  it('has rows with tests', () => {
    expect(ENTRIES.length).toBeGreaterThan(30);
  });

  it.each(ENTRIES)('names tests that exist: $path ($names)', ({ path, names }) => {
    const found = spelledOut(path).map((one) => ({ one, sources: sourcesOf(one) }));
    expect(found.filter(({ sources }) => sources === undefined).map(({ one }) => one)).toEqual([]);
    const sources = found.map((each) => each.sources ?? '').join('\n');
    expect(names.filter((name) => !sources.includes(name))).toEqual([]);
  });
});
