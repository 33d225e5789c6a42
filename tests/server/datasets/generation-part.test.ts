import { describe, expect, it } from 'vitest';
import { decodeShown, encodeShown, partsOf } from '../../../server/datasets/generation-part.ts';
import { generateRequestSchema } from '../../../server/protocol/datasets.ts';
import { PAIR } from '../../support/pair.ts';

const request = generateRequestSchema.parse({ episodes: 5, out: 'some', camera: 64 });

describe('parts of a generation', () => {
  it('are its episodes, and know neither its name nor how many there are', () => {
    const parts = partsOf(request, 2);
    expect(parts.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    const more = partsOf({ ...request, episodes: 50, out: 'other' }, 2);
    expect(more.slice(0, 2)).toEqual(parts.slice(0, 2));
  });

  it('give back what was shown, and nothing that is not theirs', () => {
    const [part, , last] = partsOf(request, 2);
    const output = JSON.parse(JSON.stringify(encodeShown(PAIR)));
    expect(decodeShown(part, output)).toEqual(PAIR);
    const refusals: [typeof part, unknown, RegExp][] = [
      [part, {}, /expected the 2 demonstrations from 0 of left-right, got/],
      [last, output, /expected the 1 demonstrations from 4 .*, got 2/],
      [{ ...part, request: { ...part.request, controlHz: 50 } }, output, /at 50 Hz, got/],
    ];
    for (const [of, given, message] of refusals) {
      expect(() => decodeShown(of, given)).toThrow(
        expect.objectContaining({ code: 'damaged', message: expect.stringMatching(message) }),
      );
    }
  });
});
