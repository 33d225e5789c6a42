import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { LivePainter, liveSpec } from '../../../policies/pictures/live.ts';
import { LiveExamples } from '../../../policies/pictures/live-examples.ts';
import { LIVE_SIZE } from '../../../policies/pictures/live-size.ts';
import { Reader } from '../../../policies/text/reader.ts';

const NUMBERS = 3 * LIVE_SIZE * LIVE_SIZE;
const SPEC = liveSpec(['cat', 'dark', 'light'], 4);
const CAPTIONS = ['a dark cat', 'a light cat', 'dark', 'light'];

function plain(value: number): Float32Array {
  return new Float32Array(NUMBERS).fill(value);
}

/** Dark and light pictures of one tone each. */
function examples() {
  const pictures = new Float32Array(CAPTIONS.length * NUMBERS);
  CAPTIONS.forEach((caption, i) => {
    pictures.set(plain(caption.includes('dark') ? -0.6 : 0.6), i * NUMBERS);
  });
  return { pictures, captions: CAPTIONS };
}

/** Standard deviation of a picture's numbers: of one tone it has none, noise has 1. */
function spread(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('a painter that is trained while one watches', () => {
  const options = { seed: 3, batch: 2, steps: 480 };
  const open = () => LivePainter.create(createCompiledEngine(), SPEC, examples(), options);

  it('draws with the weights of the moment, from the same noise each time', async () => {
    const painter = await open();
    const before = await painter.draw(['dark', 'light'], 1);
    expect(await painter.draw(['dark', 'light'], 1)).toEqual(before);
    while (painter.steps < options.steps) await painter.step();
    const after = await painter.draw(['dark', 'light'], 1);
    // All that it has seen are plain.
    expect(spread(after.subarray(0, NUMBERS))).toBeLessThan(
      spread(before.subarray(0, NUMBERS)) / 2,
    );
    // Without the caption the words make no difference.
    expect(await painter.draw(['dark', 'light'], 0)).toEqual(
      await painter.draw(['light', 'dark'], 0),
    );
    await painter.dispose();
  });

  it('trains to the same bits again from the same seed', async () => {
    const losses = async () => {
      const painter = await open();
      const all = [(await painter.step()).loss, (await painter.step()).loss];
      await painter.dispose();
      return all;
    };
    expect(await losses()).toEqual(await losses());
  });
});

describe('examples with pictures of one’s own among them', () => {
  const open = async () => LiveExamples.create(examples(), await Reader.create(SPEC.caption.text));
  /** What is learnt at each place: the picture's tone, and the words of its caption. */
  const learnt = ({ windows: { chunks, text } }: LiveExamples) =>
    CAPTIONS.map((_, i) => [
      Number(chunks[i * NUMBERS].toFixed(2)),
      text ? [...text.rows[text.of[i]]].join() : '',
    ]);

  it('give them the places that their shares ask for, and take those back', async () => {
    const all = await open();
    const before = learnt(all);
    await all.put([
      { picture: plain(0.1), caption: 'light cat', share: 0.25 },
      { picture: plain(0.2), caption: 'dark cat', share: 0.5 },
    ]);
    const mixed = learnt(all);
    expect(mixed.map(([tone]) => tone)).toEqual([0.1, 0.2, 0.2, 0.6]);
    expect(mixed[1][1]).toBe(mixed[2][1]);
    expect(mixed[0][1]).not.toBe(mixed[1][1]);
    expect(mixed[3]).toEqual(before[3]);
    await all.put([]);
    expect(learnt(all)).toEqual(before);
  });

  it('refuse more than there are places, and change nothing', async () => {
    const all = await open();
    const before = learnt(all);
    const own = { picture: plain(0), caption: 'cat', share: 0.75 };
    await expect(all.put([own, own])).rejects.toThrow(/expected at most the 4 places .* got 6/);
    expect(learnt(all)).toEqual(before);
  });
});
