import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConditionSpec } from '../../../policies/config/index.ts';
import type { AttentionStep } from '../../../policies/samplers/attention.ts';
import { attendedTokens, planAttention } from '../../../server/acting/attention-weights.ts';
import { LIMITS } from '../../../server/protocol/index.ts';
import { TINY_CONDITION } from '../../support/tiny-reader.ts';

/** Six places for words, two things observed. */
const NUMBERS = { condition: TINY_CONDITION };
const SEEING: { condition: ConditionSpec } = {
  condition: { ...TINY_CONDITION, image: { size: 32, channels: 4, points: 3 } },
};

/** A network evaluation with one block a list of rows, each of them a time step of the chunk. */
function evaluation(...blocks: readonly (readonly (readonly number[])[])[]): AttentionStep {
  return {
    time: 0,
    blocks: new Map(
      blocks.map((rows, i) => [
        `block ${i}`,
        { shape: [1, rows.length, rows[0].length], data: Float32Array.from(rows.flat()) },
      ]),
    ),
  };
}

describe('where a plan looked', () => {
  it('is the mean over time within a block, then over blocks, without the places left empty', () => {
    const long = [
      [0.5, 0.25, 0, 0, 0, 0, 0.25, 0],
      [0, 0.25, 0, 0, 0, 0, 0.75, 0],
    ];
    const short = [[0, 0, 0, 0, 0, 0, 0, 1]];
    const { tokens, weights } = planAttention(NUMBERS, [evaluation(long, short)], 2);
    expect(attendedTokens(NUMBERS, ['<start>', 'red'])).toEqual([
      '<start>',
      'red',
      '<state>',
      '<red>',
    ]);
    expect(tokens).toBe(4);
    expect(Array.from(weights)).toEqual([0.125, 0.125, 0.25, 0.5]);
  });

  it('takes all of a picture as one', () => {
    const row = [0.25, 0, 0, 0, 0, 0, 0.125, 0.125, 0.25, 0.125, 0.125];
    const { weights } = planAttention(SEEING, [evaluation([row])], 1);
    expect(attendedTokens(SEEING, ['<start>'])).toEqual(['<start>', '<state>', '<red>', '<image>']);
    expect(Array.from(weights)).toEqual([0.25, 0.125, 0.125, 0.5]);
  });

  it('keeps network evaluations in order, however many; a column of any number sums to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (count) => {
        // From the start to the first thing, evenly.
        const share = (i: number) => (count === 1 ? 0 : i / (count - 1));
        const evaluations = Array.from({ length: count }, (_, i) =>
          evaluation([[1 - share(i), 0, 0, 0, 0, 0, share(i), 0]]),
        );
        const { tokens, weights } = planAttention(NUMBERS, evaluations, 1);
        const columns = weights.length / tokens;
        expect(columns).toBe(Math.min(count, LIMITS.attention));
        const moved = Array.from({ length: columns }, (_, i) => weights[i * tokens + 1]);
        expect(moved).toEqual([...moved].sort((a, b) => a - b));
        for (let i = 0; i < columns; i++) {
          expect(weights[i * tokens] + moved[i]).toBeCloseTo(1, 5);
        }
      }),
    );
  });
});
