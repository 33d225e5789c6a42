import { describe, expect, it } from 'vitest';
import { createStudio, fitted, GRID_SCALES } from '../../../../client/features/pictures/studio.ts';
import { shareOf, stationAt } from '../../../../client/features/pictures/way.ts';
import type {
  DrawnPictures,
  DrawRequest,
  PainterInfo,
  RequestName,
} from '../../../../server/protocol/index.ts';
import { until } from '../../../support/until.ts';
import { fakeConnection } from '../../support.ts';

const FLOW: PainterInfo = {
  ...{ name: 'flow16', method: 'flow', size: 2, parameters: 9, steps: 7, cats: 12 },
  ...{ diffusionSteps: 0, builtInGuidance: null },
  samplers: [
    { kind: 'euler', least: 1, most: 200, step: 1 },
    { kind: 'heun', least: 1, most: 199, step: 2 },
  ],
  ...{ vocabulary: ['a', 'an', 'red', 'cat', 'hat', 'with', 'astronaut'], words: 14 },
};

/** A picture of one byte, and a way of two stations in which the second of two tokens has it all. */
function drawn({ pictures, calls = 1, keep }: Partial<DrawRequest>): DrawnPictures {
  const count = pictures?.length ?? 1;
  const all = (length: number, value = 7) => new Uint8Array(length).fill(value).buffer;
  return {
    ...{ size: 2, calls, ms: 3, unknown: [], pictures: all(12 * count) },
    way: keep
      ? {
          stations: [
            { call: 0, time: 0 },
            { call: 1, time: 1 },
          ],
          ...{ noised: all(24), estimates: all(24), tokens: ['<start>', 'cat'], side: 1 },
          gaze: Float32Array.of(0.25, 0.75).buffer,
        }
      : null,
  };
}

function open(answer?: (name: RequestName, request: unknown) => unknown) {
  const connection = fakeConnection((name, request) => {
    const other = answer?.(name, request);
    if (other !== undefined) return other;
    if (name === 'pictures:painters') return { painters: [FLOW], damaged: [] };
    return drawn(request as DrawRequest);
  });
  const drawings = () =>
    connection.asked.filter(({ name }) => name === 'pictures:draw').map(({ request }) => request);
  return { studio: createStudio(connection), connection, drawings };
}

describe('the studio', () => {
  it('draws at once when it knows its painters, and keeps the way', async () => {
    const { studio, drawings } = open();
    const way = await until(() => studio.way.value ?? undefined, 'a picture');
    expect(drawings()).toEqual([
      {
        painter: 'flow16',
        pictures: [{ caption: 'an astronaut cat with a hat', seed: 0, guidance: 2 }],
        ...{ sampler: 'euler', calls: 20, keep: true },
      },
    ]);
    expect(way.words.map(({ word, least, most }) => ({ word, least, most }))).toEqual([
      { word: 'cat', least: 0.75, most: 0.75 },
    ]);
    expect(shareOf(way.words[0].gazes[0])).toBe(0.75);
    expect([stationAt(way, 0.4), stationAt(way, 1)]).toEqual([0, 1]);
  });

  it('asks for the newest choice alone, once the picture before it is there', async () => {
    const answers: ((value: DrawnPictures) => void)[] = [];
    const { studio, drawings } = open((name) =>
      name === 'pictures:draw'
        ? new Promise<DrawnPictures>((resolve) => answers.push(resolve))
        : undefined,
    );
    await until(() => answers.length === 1, 'the first request');
    studio.guidance.value = 3;
    studio.guidance.value = 4;
    answers[0](drawn({ keep: true }));
    await until(() => answers.length === 2, 'the second');
    answers[1](drawn({ keep: true }));
    await until(() => !studio.draw.busy.value, 'rest');
    expect(drawings().map((request) => (request as DrawRequest).pictures[0].guidance)).toEqual([
      2, 4,
    ]);
  });

  it('does not take over a caption that no cat is, nor asks again for what was refused', async () => {
    let refused = 0;
    const { studio } = open((name) => {
      if (name !== 'pictures:draw') return undefined;
      refused++;
      throw new Error('too long');
    });
    await until(() => studio.draw.error.value ?? undefined, 'a refusal');
    studio.typed.value = 'a red blue cat';
    studio.take();
    expect(studio.caption.value).toBe('an astronaut cat with a hat');
    expect([refused, studio.draw.error.value?.message]).toEqual([1, 'too long']);
  });

  it('draws each scale of guidance from the same noise, row by row', async () => {
    const { studio, drawings } = open();
    await until(() => studio.way.value ?? undefined, 'a picture');
    studio.seed.value = 5;
    await until(() => !studio.draw.busy.value, 'rest');
    await studio.drawGrid.run();
    expect(studio.rows.value.map(({ guidance }) => guidance)).toEqual([...GRID_SCALES]);
    const rows = drawings().slice(-GRID_SCALES.length) as DrawRequest[];
    for (const { pictures, keep } of rows) {
      expect([pictures.map(({ seed }) => seed), keep]).toEqual([[5, 6, 7, 8], false]);
    }
  });

  it('asks who has guidance built in for no more of it, beside others and alone', async () => {
    const reflow = { ...FLOW, name: 'straight', method: 'reflow', builtInGuidance: 2 } as const;
    const { studio, drawings } = open((name) =>
      name === 'pictures:painters' ? { painters: [FLOW, reflow], damaged: [] } : undefined,
    );
    await until(() => studio.way.value ?? undefined, 'a picture');
    await studio.drawSides.run();
    const scales = () =>
      (drawings() as DrawRequest[]).map(({ painter, pictures }) => [
        ...[painter, pictures[0].guidance],
      ]);
    expect(scales().slice(1)).toEqual([
      ['flow16', 2],
      ['straight', 1],
    ]);
    studio.chosen.value = 'straight';
    await until(() => (scales().length === 4 ? true : undefined), 'another picture');
    expect(scales()[3]).toEqual(['straight', 1]);
  });

  it('shows no way that does not hold what it says', async () => {
    const { studio } = open((name) => {
      if (name !== 'pictures:draw') return undefined;
      const whole = drawn({ keep: true });
      return { ...whole, way: whole.way && { ...whole.way, gaze: new ArrayBuffer(4) } };
    });
    await until(() => studio.painter.value !== null && !studio.draw.busy.value, 'an answer');
    expect(studio.way.value).toBeNull();
  });

  it.each([
    [20, 19],
    [1, 1],
    [500, 199],
  ])('fits %d calls to what Heun can do: %d', (calls, expected) => {
    expect(fitted(FLOW.samplers[1], calls)).toBe(expected);
  });
});
