import { describe, expect, it } from 'vitest';
import { type CatScore, regionOf, sampleCat } from '../../../demos/cats/index.ts';
import { pictureSpec } from '../../../policies/pictures/presets.ts';
import { Random } from '../../../policies/random.ts';
import { hatGazeOf, hatToken } from '../../../server/painting/hat-gaze.ts';

const spec = pictureSpec({ method: 'flow', size: 16, patch: 1, vocabulary: ['hat'], words: 4 });
const cat = sampleCat(Random.of(2), { colour: 'red', hat: 'wizard', helmet: false });
const evidence = { error: 0, explained: 1, worstPart: 1, presence: {}, tint: 0 };
const score: CatScore = { cat, rejected: null, evidence };
const caption = 'a wizard hat';

/** One block whose places look at "hat" with these weights; the row before it looks away. */
function lookingAt(weights: Float64Array) {
  const tokens = 5;
  const data = new Float32Array(2 * 256 * tokens);
  weights.forEach((weight, at) => {
    data[(256 + at) * tokens + 3] = weight;
  });
  return [{ time: 0, blocks: new Map([['up', { shape: [2, 256, tokens], data }]]) }];
}

describe('where "hat" is looked at', () => {
  it('is the word after the token that every caption begins with', () => {
    expect(hatToken(caption)).toBe(3);
    expect(hatToken('a red cat')).toBeNull();
  });

  it('is the same within and outside where all places look alike', () => {
    const gaze = hatGazeOf(lookingAt(new Float64Array(256).fill(0.2)), 1, { spec, caption, score });
    expect(gaze?.inside).toBeCloseTo(0.2, 6);
    expect(gaze?.outside).toBeCloseTo(0.2, 6);
  });

  it('is more within where the hat looks', () => {
    const gaze = hatGazeOf(lookingAt(regionOf(cat, ['hat'], 16)), 1, { spec, caption, score });
    expect(gaze?.inside).toBeGreaterThan(5 * (gaze?.outside ?? 1));
  });

  it('is not asked where no hat is, nor a cat', () => {
    const attention = lookingAt(new Float64Array(256));
    const bare = { ...score, cat: { ...cat, hat: 'none' as const } };
    expect(hatGazeOf(attention, 1, { spec, caption, score: bare })).toBeNull();
    const rejected = { ...score, rejected: 'tint' as const };
    expect(hatGazeOf(attention, 1, { spec, caption, score: rejected })).toBeNull();
  });
});
