import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';

const PAGES = join(ROOT, 'dist/client');

/** Bytes of what a page's HTML names, compressed as a server would. */
async function sizeOf(html: string, kind: 'js' | 'css'): Promise<number> {
  const text = await readFile(join(PAGES, html), 'utf8');
  const named = [...text.matchAll(/(?:src|href)="[./]*(assets\/[^"]+)"/g)].map(([, path]) => path);
  return compressed(named.filter((path) => path.endsWith(`.${kind}`)));
}

/** Bytes of files that are fetched later, by the beginning of their names. */
async function sizeOfLater(name: string): Promise<number> {
  const files = await readdir(join(PAGES, 'assets'));
  return compressed(
    files.filter((file) => file.startsWith(`${name}-`)).map((file) => `assets/${file}`),
  );
}

async function compressed(paths: readonly string[]): Promise<number> {
  expect(paths.length).toBeGreaterThan(0);
  const sizes = await Promise.all(
    paths.map(async (path) => gzipSync(await readFile(join(PAGES, path)), { level: 9 }).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

// What a first visit waits for. Whoever raises a limit knows what the bytes are for.
it.each<readonly [what: string, size: () => Promise<number>, limit: number]>([
  ['the scripts of the page', () => sizeOf('index.html', 'js'), 294_500],
  ['the styles of the page', () => sizeOf('index.html', 'css'), 9_200],
  ['the scripts of the lesson', () => sizeOf('lesson/index.html', 'js'), 101_000],
  ['the scripts of the pictures', () => sizeOf('pictures/index.html', 'js'), 90_000],
  ['the styles of the pictures', () => sizeOf('pictures/index.html', 'css'), 9_500],
  ['the styles of the lesson', () => sizeOf('lesson/index.html', 'css'), 12_500],
  ['the worker of the lesson', () => sizeOfLater('worker'), 140_000],
  ['the texts of the other language', () => sizeOfLater('texts-zh'), 16_800],
])('%s stay small', async (_, size, limit) => {
  expect(await size()).toBeLessThanOrEqual(limit);
});
