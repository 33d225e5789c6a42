import type { Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { contextEncoder } from '../../../policies/networks/context.ts';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { Random } from '../../../policies/random.ts';
import { FIRST_WORD, PAD, START } from '../../../policies/text/tokenizer.ts';
import { relativeError, runOn } from '../../support/engines.ts';
import { TINY_CONDITION } from '../../support/tiny-reader.ts';

const { width, text, observed } = TINY_CONDITION;
/** To = 2 control steps of [state, red, red]. */
const OBSERVATION = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
const SENTENCE = Float32Array.of(START, FIRST_WORD + 3, PAD, PAD, PAD, PAD);

/** The context's tokens, each [width]: words, then things. */
async function tokensOf(observation: Float32Array, fusion: number): Promise<Float32Array[]> {
  const table = new ParameterTable();
  const encode = contextEncoder(table, { ...TINY_CONDITION, fusion }, observation.length);
  const { tokens } = await runOn(
    createCompiledEngine(),
    ({ weights, text, observation }) => ({
      tokens: encode(table.unpack(weights), {
        text: text as Tensor2D,
        observation: observation as Tensor2D,
        image: undefined,
      }).tokens,
    }),
    [
      { name: 'weights', shape: [table.size] },
      { name: 'text', shape: [1, text.tokens] },
      { name: 'observation', shape: [1, observation.length] },
    ],
    { weights: table.initialize(Random.of(4)), text: SENTENCE, observation },
  );
  return Array.from({ length: tokens.length / width }, (_, i) =>
    tokens.subarray(i * width, (i + 1) * width),
  );
}

/** Indices of the tokens that one more of the observation's numbers moves. */
async function movedBy(component: number, fusion: number): Promise<number[]> {
  const before = await tokensOf(OBSERVATION, fusion);
  const after = await tokensOf(
    OBSERVATION.map((value, i) => (i === component ? value + 0.5 : value)),
    fusion,
  );
  return before.flatMap((token, i) => (relativeError(after[i], token) > 1e-4 ? [i] : []));
}

describe('the context of cross-attention', () => {
  const [state, red] = observed.map((_, i) => text.tokens + i);

  it('has a token for each word, padding included, and for each thing observed', async () => {
    expect(await tokensOf(OBSERVATION, 0)).toHaveLength(text.tokens + observed.length);
  });

  it.each([
    ['the state', [0, 3], state],
    ['the red ball', [1, 2, 4, 5], red],
  ])('keeps the numbers of %s, of every control step, in its own token', async (_, own, token) => {
    for (const component of own) expect(await movedBy(component, 0)).toEqual([token]);
  });

  it('lets tokens learn from one another where there is fusion', async () => {
    const moved = await movedBy(1, 1);
    expect(moved).toContain(state);
    expect(moved).toContain(0);
  });

  it('refuses things that do not make up an observation', () => {
    const encode = () => contextEncoder(new ParameterTable(), TINY_CONDITION, 7);
    expect(encode).toThrow('things of 3 numbers in all');
  });
});
