import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePolicy } from '../../../policies/checkpoint/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { PAINTER_RECIPES } from '../../../policies/pictures/recipes.ts';
import {
  type PainterAsk,
  type PainterAsks,
  PainterHost,
  type PainterReply,
} from '../../../server/painting/painter-host.ts';
import { ProtocolError } from '../../../server/protocol/errors.ts';
import { drawRequestSchema } from '../../../server/protocol/pictures.ts';
import { listPainters } from '../../../server/storage/painters.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { tinyPolicy } from '../../support/tiny-policy.ts';
import { untrainedPainter } from '../../support/untrained-painter.ts';

let host: PainterHost;
const waiting = new Map<number, (reply: PainterReply) => void>();
let asked = 0;

beforeAll(async () => {
  const folder = await temporaryDirectory();
  const paths = ['My Flow.ckpt', 'mean.ckpt', 'robot.ckpt', 'straight.ckpt'].map((name) =>
    join(folder, name),
  );
  await writeFile(paths[0], untrainedPainter('flow'));
  await writeFile(paths[1], untrainedPainter('l2'));
  await writeFile(paths[2], encodePolicy(tinyPolicy({ kind: 'flow' })));
  await writeFile(paths[3], untrainedPainter('reflow'));
  const files = await listPainters(paths);
  host = new PainterHost(createCompiledEngine(), files, (reply) => {
    waiting.get(reply.id)?.(reply);
  });
});

/** @throws ProtocolError as the host replies */
async function ask<K extends PainterAsk>(
  kind: K,
  request: PainterAsks[K]['request'],
): Promise<PainterAsks[K]['answer']> {
  const id = ++asked;
  const reply = new Promise<PainterReply>((resolve) => waiting.set(id, resolve));
  host.command({ id, kind, request });
  const said = await reply;
  if ('answer' in said) return said.answer as PainterAsks[K]['answer'];
  throw new ProtocolError(said.error.code, said.error.message);
}

const request = (given: object) =>
  drawRequestSchema.parse({
    painter: 'my-flow',
    pictures: [{ caption: 'a red cat', seed: 5 }],
    calls: 3,
    ...given,
  });

describe('the painters of a server', () => {
  it('are listed with what can be asked of them, damaged ones by their fault', async () => {
    const { painters, damaged } = await ask('list', null);
    expect(
      painters.slice(0, 4).map(({ name, method, size, steps }) => ({ name, method, size, steps })),
    ).toEqual([
      { name: 'my-flow', method: 'flow', size: 16, steps: 7 },
      { name: 'mean', method: 'l2', size: 16, steps: 7 },
      { name: 'straight', method: 'reflow', size: 16, steps: 7 },
      // Those that ship come after those that were named.
      { name: 'flow', method: 'flow', size: 32, steps: PAINTER_RECIPES[0].steps },
    ]);
    expect(painters[0].samplers[0]).toMatchObject({ kind: 'renoise', least: 1, step: 1 });
    expect(painters.slice(0, 3).map(({ builtInGuidance }) => builtInGuidance)).toEqual([
      ...[null, null, 2],
    ]);
    expect(painters[0].vocabulary).toContain('wizard');
    expect(damaged).toEqual([{ name: 'robot', message: expect.stringMatching(/robot's policy/) }]);
  });

  it('draw the same picture again, and tell how it came out of noise', async () => {
    const drawn = await ask('draw', request({ keep: true }));
    expect(drawn.pictures.length).toBe(3 * 16 * 16);
    const { way } = drawn;
    expect(way?.stations).toEqual([
      { call: 0, time: 0 },
      { call: 1, time: expect.closeTo(0.45) },
      { call: 2, time: expect.closeTo(0.9) },
      { call: 3, time: 1 },
    ]);
    expect(way?.tokens).toEqual(['<start>', 'a', 'red', 'cat']);
    expect(way?.noised.length).toBe(4 * 3 * 16 * 16);
    expect(way?.noised.slice(-768)).toEqual(drawn.pictures);
    expect(way?.gaze.length).toBe(4 * 3 * 4 * 16 * 16);
    const again = await ask('draw', request({}));
    expect(again.pictures).toEqual(drawn.pictures);
  });

  it('name the words that they have never learnt, and draw all the same', async () => {
    const pictures = [{ caption: 'a mauve cat in a tutu', seed: 1 }];
    expect((await ask('draw', request({ pictures }))).unknown).toEqual(['mauve', 'tutu']);
  });

  it('draw several at once, each with guidance of its own', async () => {
    const pictures = [0, 1, 4].map((guidance) => ({ caption: 'a red cat', seed: 5, guidance }));
    const drawn = await ask('draw', request({ pictures }));
    expect(drawn.pictures.length).toBe(3 * 768);
    const alone = await ask('draw', request({}));
    const second = drawn.pictures.slice(768, 2 * 768);
    const off = second.filter((byte, i) => Math.abs(byte - alone.pictures[i]) > 1);
    expect(off).toEqual(new Uint8Array());
  });

  it.each([
    ['two colours', { pictures: [{ caption: 'a red green cat', seed: 1 }] }, /one colour/],
    ['too many words', { pictures: [{ caption: 'cat '.repeat(20), seed: 1 }] }, /at most 14 words/],
    ['a sampler of others', { sampler: 'ddim' }, /euler/],
    ['an even number of Heun', { sampler: 'heun', calls: 4 }, /heun|odd/i],
    [
      'a painter that is none',
      { painter: 'rembrandt' },
      /expected one of my-flow, mean, robot, straight/,
    ],
    [
      'guidance beside what is built in',
      { painter: 'straight', pictures: [{ caption: 'a red cat', seed: 1, guidance: 2 }], calls: 1 },
      /guidance: expected 1/,
    ],
    ["a robot's policy", { painter: 'robot' }, /robot's policy/],
  ])('refuse %s, and say what is expected', async (_, given, message) => {
    await expect(ask('draw', request(given))).rejects.toThrow(message);
  });

  it('end what nobody wants any more, before the next is begun', async () => {
    const long = ask('draw', request({ calls: 100 }));
    host.command({ stop: asked });
    await expect(long).rejects.toThrow('stopped by request');
    expect((await ask('draw', request({}))).calls).toBe(3);
  });

  it('measure the loss at each noise level on cats they have not seen; the mean has no levels', async () => {
    const { bins, objective } = await ask('levels', { painter: 'my-flow', bins: 2 });
    expect(objective).toBe('flow');
    expect(bins.map(({ to }) => to)).toEqual([1, 0.5]);
    for (const { loss } of bins) expect(loss).toBeGreaterThan(0);
    await expect(ask('levels', { painter: 'mean', bins: 2 })).rejects.toThrow(/regression/);
  });
});

describe('a request to draw', () => {
  it.each([
    ['w that is not finite', { pictures: [{ caption: '', seed: 1, guidance: Number.NaN }] }],
    ['w that is absurd', { pictures: [{ caption: '', seed: 1, guidance: 1e6 }] }],
    ['steps beyond all measure', { calls: 1e6 }],
    ['a caption as long as a book', { pictures: [{ caption: 'cat '.repeat(500), seed: 1 }] }],
    ['no picture', { pictures: [] }],
    [
      'the way of several pictures',
      { keep: true, pictures: [1, 2].map((seed) => ({ caption: '', seed })) },
    ],
  ])('of %s is refused', (_, given) => {
    expect(() => request(given)).toThrow();
  });
});
