import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { decodePainter, picturesSeen } from '../../policies/checkpoint/painter.ts';
import { startManyCli } from '../support/cli.ts';
import { temporaryDirectory } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();

/** Small and untrained: what is said and written is looked at, not what is drawn. */
const SMALL =
  '--size 16 --patch 2 --channels 8 --prediction velocity --cats 8 --batch 4 --steps 2 --seed 4 --json';
/** Where what was traced is kept. */
const DATA = await temporaryDirectory();

let painter: string;
let folder: string;
beforeAll(async () => {
  folder = await temporaryDirectory();
  painter = join(folder, 'painter.safetensors');
  const { code } = await run(
    ...['pictures', 'train', ...SMALL.split(' '), '--out', painter, '--data', DATA],
  );
  expect(code).toBe(0);
});

describe('pictures train', () => {
  it('gives the same painter again, to the bit', async () => {
    const out = join(folder, 'again.safetensors');
    const { stdout } = await run(
      ...['pictures', 'train', ...SMALL.split(' '), '--out', out, '--data', DATA],
    );
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ method: 'flow', size: 16, step: 2, loss: expect.any(Number) },
      training: { seed: 4, batch: 4 },
    });
    expect(await readFile(out)).toEqual(await readFile(painter));
  });

  it('goes on with what was stopped, which here is done', async () => {
    const out = join(folder, 'resumed.safetensors');
    const { code, stdout } = await run(
      ...['pictures', 'train', '--resume', painter, '--out', out, '--json', '--data', DATA],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ step: 2, loss: null });
    expect(await readFile(out)).toEqual(await readFile(painter));
  });

  it('goes on for longer than it was to, with cats that it has not seen', async () => {
    const out = join(folder, 'longer.safetensors');
    const { code, stdout } = await run(
      ...['pictures', 'train', '--resume', painter, '--steps', '10', '--out', out, '--json'],
      ...['--data', DATA],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ step: 10, training: { steps: 10, seed: 4 } });
    // Ten steps of four: all of the first eight four times, and then the next eight.
    const checkpoint = decodePainter(await readFile(out));
    expect(checkpoint).toMatchObject({ cats: 8, renew: 4 });
    expect(picturesSeen(checkpoint)).toBe(16);
  });
});

describe('pictures reflow', () => {
  it("learns from a flow's own pairs, draws in one step, and goes on with no other teacher", async () => {
    const out = join(folder, 'reflow.safetensors');
    const reflow = (...options: string[]) =>
      run('pictures', 'reflow', ...options, '--out', out, '--json', '--data', DATA);
    const { code, stdout } = await reflow(
      ...['--teacher', painter, '--pairs', '8', '--guidance', '2', '--steps', '2'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'reflow', size: 16, step: 2 });
    const file = decodePainter(await readFile(out));
    expect(file).toMatchObject({ cats: 8, teacher: { guidance: 2 } });

    const sheet = join(folder, 'reflow.png');
    const drawn = await run('pictures', 'draw', '--painter', out, '--out', sheet, '--json');
    expect(JSON.parse(drawn.stdout)).toMatchObject({ sampler: { kind: 'one-step' }, nfe: 1 });

    const other = await reflow('--teacher', out, '--resume', out);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/expected a reflow of .*, got one of another painter/);
    const onCats = await run('pictures', 'train', '--resume', out, '--out', out);
    expect(onCats.stderr).toMatch(/expected training on cats, got a reflow's/);
  });
});

describe('pictures export', () => {
  it('writes the painter alone, which draws and does not learn any more', async () => {
    const alone = join(folder, 'alone.safetensors');
    const { code, stdout } = await run(
      ...['pictures', 'export', '--painter', painter, '--out', alone, '--json'],
    );
    expect(code).toBe(0);
    const whole = await readFile(painter);
    expect(JSON.parse(stdout)).toMatchObject({ path: alone, step: 2 });
    expect(JSON.parse(stdout).bytes).toBeLessThan(whole.length / 6);
    const out = join(folder, 'of-alone.png');
    const drawn = await run('pictures', 'draw', '--painter', alone, '--nfe', '1', '--out', out);
    expect(drawn.code).toBe(0);
    const more = join(folder, 'more.safetensors');
    const resumed = await run('pictures', 'train', '--resume', alone, '--out', more);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toMatch(/expected a painter with its training, got one alone/);
  });
});

describe('pictures reproduce', () => {
  it('makes painters that say how they came to be, goes on where it was, and needs their teachers', async () => {
    const out = join(folder, 'reproduced');
    const reproduce = (painters: string, steps: string) =>
      run(
        ...['pictures', 'reproduce', '--painters', painters, '--steps', steps, '--size', '16'],
        ...['--channels', '8', '--seed', '4', '--out', out, '--json', '--data', DATA],
      );
    const alone = await reproduce('reflow', '1');
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/expected flow too, which reflow learns from/);

    const { code, stdout } = await reproduce('flow,reflow', '1');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).painters).toMatchObject([
      { path: join(out, 'flow.safetensors'), training: { method: 'flow', step: 1 } },
      { path: join(out, 'reflow.safetensors'), training: { method: 'reflow', step: 1 } },
    ]);
    const reflow = decodePainter(await readFile(join(out, 'reflow.safetensors')));
    expect(reflow).toMatchObject({
      state: null,
      step: 1,
      origin: {
        command: 'pictures reproduce --painters reflow --size 16 --channels 8 --seed 4 --steps 1',
        loss: expect.any(Number),
      },
    });

    const more = await reproduce('flow', '2');
    expect(JSON.parse(more.stdout).painters).toMatchObject([{ training: { step: 2 } }]);
    const flow = decodePainter(await readFile(join(out, 'flow.safetensors')));
    expect(flow).toMatchObject({ step: 2, training: { steps: 2 } });
  });
});

describe('pictures draw', () => {
  it('writes as many pictures as asked for, the same for the same seed, and names unknown words', async () => {
    const sheets = [];
    for (const seed of ['1', '1', '2']) {
      const out = join(folder, 'cats.png');
      const { code, stdout } = await run(
        ...['pictures', 'draw', '--painter', painter, '--caption', 'a crimson cat'],
        ...[
          '--count',
          '3',
          '--nfe',
          '2',
          '--guidance',
          '2',
          '--seed',
          seed,
          '--out',
          out,
          '--json',
        ],
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ unknown: ['crimson'], size: 16, count: 3, nfe: 4, guidance: 2 },
        sampler: { kind: 'renoise', steps: 2 },
      });
      sheets.push(await readFile(out));
    }
    // Two by two of 16 pixels a side: width and height of the PNG.
    expect([sheets[0].readUInt32BE(16), sheets[0].readUInt32BE(20)]).toEqual([32, 32]);
    expect(sheets[1]).toEqual(sheets[0]);
    expect(sheets[2]).not.toEqual(sheets[0]);
  });
});

describe('pictures evaluate', () => {
  it('finds no cat in what an untrained painter draws, and says what was measured', async () => {
    const { code, stdout } = await run(
      ...['pictures', 'evaluate', '--painter', painter, '--count', '8', '--nfe', '2'],
      ...['--guidance', '2', '--json'],
    );
    expect(code).toBe(0);
    const { rows, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({
      ...{ method: 'flow', size: 16, count: 8, hats: null, isWhole: true },
      sampler: { kind: 'renoise', steps: 2 },
    });
    const asked = rows.map(({ group, guidance, nfe }: Record<string, unknown>) => {
      return [group, guidance, nfe];
    });
    expect(asked).toEqual([
      ['seen', 2, 4],
      ['held-out', 2, 4],
      ['empty', 1, 2],
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ pictures: 8, obeyed: { k: 0, n: 8 }, rejected: { k: 8 } });
      expect(row.distances.slicedWasserstein).toBeGreaterThan(
        rest.trueAgainstTrue[row.group].slicedWasserstein,
      );
    }
  });

  it('reads true cats as what they are', async () => {
    const size = ['--true', '--size', '16', '--count', '8'];
    const { code, stdout } = await run('pictures', 'evaluate', ...size);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^true, 16 × 16/);
    expect(stdout).toMatch(/held-out +– +8 +100 %/);
    expect(stdout).toContain('true against true, empty: sliced Wasserstein');
  });
});

/** What was asked for makes no sense (2), or was tried and failed (1), and what is said of it. */
const WRONG: readonly (readonly [string, number, RegExp])[] = [
  ['pictures train --out OUT --size 24', 2, /Allowed choices are 64, 32, 16/],
  ['pictures train --out OUT --method lstm', 2, /Allowed choices are diffusion, flow, l2/],
  [
    'pictures train --out OUT --prediction epsilon',
    2,
    /expected velocity, data for Flow, got epsilon/,
  ],
  ['pictures train --out OUT --method l2 --prediction data', 2, /expected none for L2, got data/],
  ['pictures train --out OUT --size 16 --patch 3', 2, /expected a multiple of 12/],
  ['pictures train --out OUT --resume PAINTER --seed 1', 2, /cannot be used with/],
  ['pictures evaluate', 2, /one of --painter FILE and --true, got neither/],
  ['pictures evaluate --true --painter PAINTER', 2, /cannot be used with/],
  ['pictures evaluate --painter ROBOT', 1, /draws pictures.*got a robot's policy/],
  ['pictures evaluate --painter PAINTER --guidance 1,x', 2, /from 0 to 100, got "x"/],
  [
    'pictures train --out OUT --resume PAINTER --steps 1',
    2,
    /at least the 2 that were made, got 1/,
  ],
  ['pictures train --out OUT --method l2 --time beta', 2, /expected none for L2.*got beta/],
  ['pictures draw --painter NOWHERE --out OUT', 2, /NOWHERE|not there|ENOENT/],
  ['pictures draw --painter ROBOT --out OUT', 1, /draws pictures.*got a robot's policy/],
  ['pictures draw --painter PAINTER --out OUT --guidance Infinity', 2, /from 0 to 100.*Infinity/],
  [
    'pictures draw --painter PAINTER --out OUT --sampler ddim',
    2,
    /euler, heun, one-step or renoise, got "ddim"/,
  ],
  [
    `pictures draw --painter PAINTER --out OUT --caption ${'cat,'.repeat(15)}`,
    2,
    /at most 14 words/,
  ],
];

it.each(WRONG)('%s is refused in a sentence', async (line, expected, said) => {
  const paths: Record<string, string> = {
    PAINTER: painter,
    OUT: join(folder, 'out'),
    NOWHERE: join(folder, 'NOWHERE'),
    ROBOT: 'policies/shipped/flow/policy.safetensors',
  };
  const { code, stderr } = await run(...line.split(' ').map((word) => paths[word] ?? word));
  expect(stderr).toMatch(said);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(expected);
});
