import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startManyCli } from '../support/cli.ts';
import { temporaryDirectory } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();

const ASKED = ['--caption', 'a red cat with a party hat'];
let folder: string;
let sheet: string;
beforeAll(async () => {
  folder = await temporaryDirectory();
  sheet = join(folder, 'sheet.png');
  const size = ['--size', '32', '--count', '5', '--seed', '5'];
  expect((await run('pictures', 'generate', ...size, ...ASKED, '--out', sheet)).code).toBe(0);
});

describe('pictures generate and score', () => {
  it('agree on the cats of a sheet', async () => {
    const { code, stdout } = await run(
      ...['pictures', 'score', sheet, '--size', '32', ...ASKED, '--json'],
    );
    expect(code).toBe(0);
    const cat = { colour: 'red', hat: 'party' };
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ pictures: 5, accepted: 5, obeyed: 5 },
      list: [0, 1, 2, 3, 4].map((index) => ({ index, rejected: null, obeyed: true, cat })),
    });
  });

  it('write and read a directory with a caption of each', async () => {
    const out = join(folder, 'cats');
    await run(...['pictures', 'generate', '--size', '16', '--count', '2', '--out', out]);
    expect((await readdir(out)).sort()).toEqual([
      'cat-000000.png',
      'cat-000001.png',
      'metadata.jsonl',
    ]);
    const lines = (await readFile(join(out, 'metadata.jsonl'), 'utf8')).trim().split('\n');
    const cats = lines.map((line) => JSON.parse(line));
    const { stdout } = await run('pictures', 'score', out, '--json');
    const { list } = JSON.parse(stdout);
    for (const [i, { file_name, colour, hat, helmet, text }] of cats.entries()) {
      expect(list[i]).toMatchObject({ file: file_name, cat: { colour, hat, helmet } });
      expect(text).toMatch(/cat/);
    }
    const again = await run(...['pictures', 'generate', '--count', '1', '--out', out]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('got') });
  });

  it('tell who asks for what is held out', async () => {
    const { code, stderr } = await run(
      ...['pictures', 'generate', '--caption', 'a green astronaut cat with a wizard hat'],
      ...['--out', join(folder, 'none.png')],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('a combination that is seen');
  });

  it.each([
    ['generate --out OUT/a.png --caption crimson', 2, /got crimson; leave them out/],
    ['generate --out OUT/a.png --caption "red blue"', 2, /expected one colour/],
    ['generate --out OUT/a.png --count 300', 2, /at most 256 cats in one picture, got 300/],
    ['generate --out OUT/a.png --size 24', 2, /Allowed choices are 64, 32, 16/],
    ['generate --count 2', 2, /required option '--out <path>'/],
    ['score OUT/nowhere.png', 1, /ENOENT|expected it to be there/],
    ['score OUT/sheet.png', 2, /a square of 64, 32, 16 pixels.* got 96 × 96/],
    ['score OUT/text.png', 1, /text\.png: expected a PNG file/],
    ['score OUT --caption "no such hat"', 2, /got such/],
  ])('%s', async (line, expected, message) => {
    await writeFile(join(folder, 'text.png'), 'no picture');
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    const args = words.map((word) => word.replaceAll('"', '').replace('OUT', folder));
    const { code, stderr } = await run('pictures', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });
});
