import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, type TensorMap } from '../../../policies/engine/index.ts';
import type { AttentionProbe } from '../../../policies/networks/attention.ts';
import { createNetwork } from '../../../policies/networks/create.ts';
import { guide } from '../../../policies/networks/guidance.ts';
import type { Network } from '../../../policies/networks/network.ts';
import { Random } from '../../../policies/random.ts';
import { FIRST_WORD, PAD, START, UNKNOWN } from '../../../policies/text/tokenizer.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';
import { TINY_READER_SHAPE, TINY_READER_SPEC } from '../../support/tiny-reader.ts';

const network = createNetwork(TINY_READER_SPEC, TINY_READER_SHAPE);
const { horizon, actionDim, observationDim } = TINY_READER_SHAPE;
const BATCH = 2;
const SILENCE = Float32Array.of(START, PAD, PAD, PAD, PAD, PAD);
const SENTENCE = Float32Array.of(START, FIRST_WORD, FIRST_WORD + 3, UNKNOWN, PAD, PAD);
const OTHER = Float32Array.of(START, FIRST_WORD, FIRST_WORD + 1, UNKNOWN, PAD, PAD);

const SPECS = [
  { name: 'weights', shape: [network.table.size] },
  { name: 'actions', shape: [BATCH, horizon, actionDim] },
  { name: 'time', shape: [BATCH] },
  { name: 'observation', shape: [BATCH, observationDim] },
  { name: 'text', shape: [BATCH, 6] },
];

function inputsOf(seed: number, ...texts: Float32Array[]) {
  const random = Random.of(seed);
  return {
    weights: network.table.initialize(Random.of(9)),
    actions: random.fillNormal(new Float32Array(BATCH * horizon * actionDim)),
    time: Float32Array.from({ length: BATCH }, () => random.uniform()),
    observation: random.fillNormal(new Float32Array(BATCH * observationDim)),
    text: Float32Array.from(texts.flatMap((text) => [...text])),
  };
}

function apply(inputs: TensorMap, probe?: AttentionProbe, through: Network = network): Tensor3D {
  const { weights, actions, time, observation, text } = inputs;
  return through.apply(
    network.table.unpack(weights),
    {
      actions: actions as Tensor3D,
      time: time as Tensor1D,
      observation: observation as Tensor2D,
      text: text as Tensor2D,
    },
    probe,
  );
}

const answer = async (inputs: ReturnType<typeof inputsOf>, through: Network = network) =>
  (await runOn(createCompiledEngine(), (x) => ({ y: apply(x, undefined, through) }), SPECS, inputs))
    .y;

describe('a U-Net that reads', () => {
  it('answers differently to another word, in that row alone', async () => {
    const y = await answer(inputsOf(1, SENTENCE, SENTENCE));
    const z = await answer(inputsOf(1, SENTENCE, OTHER));
    const row = horizon * actionDim;
    expect(relativeError(z.subarray(0, row), y.subarray(0, row))).toBeLessThan(1e-6);
    expect(relativeError(z.subarray(row), y.subarray(row))).toBeGreaterThan(1e-4);
  });

  it('hears the order of words', async () => {
    const turned = Float32Array.of(START, FIRST_WORD + 3, FIRST_WORD, UNKNOWN, PAD, PAD);
    const y = await answer(inputsOf(1, SENTENCE, SENTENCE));
    expect(relativeError(await answer(inputsOf(1, turned, turned)), y)).toBeGreaterThan(1e-5);
  });

  it('is the same on every engine', async () => {
    const results = [];
    for (const [, createEngine] of ENGINES) {
      const inputs = inputsOf(2, SENTENCE, SILENCE);
      results.push(await runOn(await createEngine(), (x) => ({ y: apply(x) }), SPECS, inputs));
    }
    expect(relativeError(results[1].y, results[0].y)).toBeLessThan(1e-4);
  });

  it('lets every parameter take part', async () => {
    // Between them the rows hold each of the tokens but the padding.
    const all = Float32Array.of(START, FIRST_WORD, FIRST_WORD + 1, FIRST_WORD + 2, UNKNOWN, START);
    const rest = Float32Array.of(START, FIRST_WORD + 3, FIRST_WORD + 4, START, START, START);
    const { g } = await runOn(
      createCompiledEngine(),
      (inputs) => {
        const loss = (weights: Tensor) => tf.sum(tf.square(apply({ ...inputs, weights })));
        return { g: tf.grad(loss)(inputs.weights) };
      },
      SPECS,
      inputsOf(5, all, rest),
    );
    let offset = 0;
    for (const { name, shape } of network.table.specs) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const part = g.subarray(offset, offset + size);
      // A key's bias moves all logits of a row alike, which the softmax does not see.
      const seen = !/key\.bias$/.test(name);
      expect(Math.max(...part.map(Math.abs)) > 1e-6, name).toBe(seen);
      offset += size;
    }
  });

  it('has attention at every level, each block with the step embedding', () => {
    const names = network.table.specs.map(({ name }) => name);
    const blocks = ['down0', 'down1', 'middle', 'up0'].map((level) => `${level}.attention`);
    for (const block of blocks) expect(names).toContain(`${block}.film.weight`);
    const queries = names.filter((name) => name.endsWith('.attention.query.weight'));
    expect(queries).toHaveLength(blocks.length);
  });

  it('shows where each block looks, at its own resolution; never at the padding', async () => {
    const results = await runOn(
      createCompiledEngine(),
      (x) => {
        const seen: Record<string, Tensor> = {};
        apply(x, (block, weights) => {
          seen[block] = weights;
        });
        return seen;
      },
      SPECS,
      inputsOf(6, SENTENCE, SILENCE),
    );
    expect(Object.entries(results).map(([name, { length }]) => [name, length])).toEqual([
      ['down0.attention', BATCH * 8 * 8],
      ['down1.attention', BATCH * 4 * 8],
      ['middle.attention', BATCH * 4 * 8],
      ['up0.attention', BATCH * 8 * 8],
    ]);
    for (const weights of Object.values(results)) {
      for (let row = 0; row < weights.length / 8; row++) {
        const looks = weights.subarray(8 * row, 8 * row + 8);
        const words = row < weights.length / 16 ? 4 : 1;
        expect(looks.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
        expect([...looks.subarray(words, 6)]).toEqual(new Array(6 - words).fill(0));
      }
    }
  });
});

describe('guidance', () => {
  const inputs = inputsOf(7, SENTENCE, OTHER);
  const guided = (scale: number) => answer(inputs, guide(network, { scale, silence: SILENCE }));

  it.each([0, 0.5, 1, 2, 7.5])('of %d is F(∅) + w·(F(text) − F(∅))', async (scale) => {
    const told = await answer(inputs);
    const silent = await answer(inputsOf(7, SILENCE, SILENCE));
    const expected = told.map((y, i) => silent[i] + scale * (y - silent[i]));
    expect(relativeError(await guided(scale), expected)).toBeLessThan(1e-5);
  });

  it('asks the network once, with twice the batch, and once alone where it can', () => {
    const count = (scale: number) => {
      const batches: number[] = [];
      const counted: Network = {
        table: network.table,
        apply: (_, { actions }) => {
          batches.push(actions.shape[0]);
          return actions;
        },
      };
      tf.tidy(() => {
        guide(counted, { scale, silence: SILENCE }).apply([], {
          actions: tf.zeros([3, 8, 2]),
          time: tf.zeros([3]),
          observation: tf.zeros([3, 6]),
          text: tf.zeros([3, 6]),
        });
      });
      return batches;
    };
    expect(count(0)).toEqual([3]);
    expect(count(1)).toEqual([3]);
    expect(count(7.5)).toEqual([6]);
  });
});
