import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../server/protocol/index.ts';
import { ComparisonStore } from '../../../server/storage/comparison-store.ts';
import { comparisonEntry as entry } from '../../support/comparison-entry.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

let data: string;
let root: string;
let store: ComparisonStore;
beforeEach(async () => {
  data = await temporaryDirectory();
  root = join(data, 'comparisons');
  store = new ComparisonStore(root);
});

const file = (number: number) => join(root, `${entry(number).id}.json`);

describe('comparisons on disk', () => {
  it('are none in a directory that is not there yet, which is not made for it', async () => {
    expect(await store.list()).toEqual({ entries: [], problems: [] });
    expect(await readdir(data)).toEqual([]);
  });

  it('are found again by whoever opens them next, oldest first', async () => {
    for (const number of [3, 1, 2]) await store.keep(entry(number));
    expect(await new ComparisonStore(root).list()).toEqual({
      entries: [entry(1), entry(2), entry(3)],
      problems: [],
    });
  });

  it(`are the last ${LIMITS.comparisons}`, async () => {
    const numbers = Array.from({ length: LIMITS.comparisons + 3 }, (_, i) => i);
    for (const number of numbers) await store.keep(entry(number));
    const { entries } = await store.list();
    expect(entries).toEqual(numbers.slice(-LIMITS.comparisons).map(entry));
    expect(await readdir(root)).toHaveLength(LIMITS.comparisons);
  });

  it('end with the digest of what stands before it', async () => {
    await store.keep(entry(1));
    const text = await readFile(file(1), 'utf8');
    const { sha256, ...rest } = JSON.parse(text);
    const before = JSON.stringify(rest, null, 2);
    expect(rest).toEqual(entry(1));
    expect(sha256).toBe(createHash('sha256').update(before).digest('hex'));
  });
});

describe('a comparison that is not as it was written', () => {
  const DAMAGES: Readonly<Record<string, () => Promise<unknown>>> = {
    'with another digit': async () => {
      const text = await readFile(file(1), 'utf8');
      await writeFile(file(1), text.replace('"seed": 100000', '"seed": 100001'));
    },
    'cut short': () => truncate(file(1), 300),
    empty: () => truncate(file(1), 0),
    'grown beyond what is ever written': () => truncate(file(1), 2 ** 32),
    'of another job': () => rename(file(1), file(7)),
    'of another form under a right digest': async () => {
      const text = JSON.stringify({ ...entry(1), comparison: {} }, null, 2);
      const digest = createHash('sha256').update(text).digest('hex');
      await writeFile(file(1), `${text.slice(0, -2)},\n  "sha256": "${digest}"\n}`);
    },
    'a directory': async () => {
      await rename(file(1), join(root, 'away'));
      await mkdir(file(1));
    },
    'a link': async () => {
      await rename(file(1), join(data, 'elsewhere.json'));
      await symlink(join(data, 'elsewhere.json'), file(1));
    },
    'a pipe': async () => {
      await rename(file(1), join(root, 'away'));
      execFileSync('mkfifo', [file(1)]);
    },
  };

  it.each(Object.keys(DAMAGES))('%s is told and left out; the others are there', async (name) => {
    await store.keep(entry(1));
    await store.keep(entry(2));
    await DAMAGES[name]();
    const { entries, problems } = await store.list();
    expect(entries).toEqual([entry(2)]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/compare-0000000[17].*; it is left out: remove /s);
    expect(problems[0].length).toBeLessThan(1000);
    // Nor does it go when others come.
    const names = (await readdir(root)).length;
    await store.keep(entry(3));
    expect(await readdir(root)).toHaveLength(names + 1);
  });
});

it('files of other names are neither read nor removed', async () => {
  await mkdir(root);
  const foreign = [
    'notes.txt',
    'compare-1.json',
    'compare-0000000G.json',
    '.compare-00000001.json',
  ];
  for (const name of foreign) await writeFile(join(root, name), 'mine');
  for (let number = 0; number < LIMITS.comparisons + 2; number++) await store.keep(entry(number));
  expect((await store.list()).problems).toEqual([]);
  expect(await readdir(root)).toEqual(expect.arrayContaining(foreign));
});

it('a directory full of them is not read whole', async () => {
  await mkdir(root);
  for (let number = 0; number < 200; number++) await writeFile(file(number), '{');
  const { problems } = await store.list();
  expect(problems.length).toBeLessThan(80);
  expect(problems[0]).toContain('got 200');
});

it('through a link nothing is read, written or removed', async () => {
  const outside = join(data, 'outside');
  const others = new ComparisonStore(outside);
  for (let number = 0; number < LIMITS.comparisons; number++) await others.keep(entry(number));
  const names = await readdir(outside);
  await symlink(outside, root);
  expect(await store.list()).toEqual({
    entries: [],
    problems: [expect.stringContaining('expected a directory, got a symbolic link')],
  });
  await expect(store.keep(entry(20))).rejects.toMatchObject({ code: 'not-regular' });
  expect(await readdir(outside)).toEqual(names);
});

it.skipIf(process.getuid?.() === 0)(
  'where nothing can be written, keeping one says so',
  async () => {
    await chmod(data, 0o500);
    await expect(store.keep(entry(1))).rejects.toMatchObject({ code: 'EACCES' });
    await chmod(data, 0o700);
  },
);
