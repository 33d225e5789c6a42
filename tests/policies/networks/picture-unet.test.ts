import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, type TensorMap } from '../../../policies/engine/index.ts';
import type { AttentionProbe } from '../../../policies/networks/attention.ts';
import type { Network } from '../../../policies/networks/network.ts';
import { createPictureNetwork } from '../../../policies/pictures/spec.ts';
import { Random } from '../../../policies/random.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';
import { tinyPainter } from '../../support/tiny-painter.ts';

const BATCH = 2;
const ROW = 8 * 24;
/** <start>, then blue and red, or <pad>. */
const BLUE = [1, 3, 0];
const RED = [1, 4, 0];

const networkOf = (patch: number, estimates?: 'data') =>
  createPictureNetwork(tinyPainter({ kind: 'flow' }, { patch, estimates }));

function specsOf(network: Network) {
  return [
    { name: 'weights', shape: [network.table.size] },
    { name: 'actions', shape: [BATCH, 8, 24] },
    { name: 'time', shape: [BATCH] },
    { name: 'text', shape: [BATCH, 3] },
  ];
}

/** What begins at zero would hide all that lies before it. */
const BEGINS_AT_ZERO = /(conv2|^output)\.weight$/;

function weightsOf({ table }: Network): Float32Array {
  const weights = table.initialize(Random.of(9));
  const random = Random.of(10);
  for (const { name, offset, size } of table.places()) {
    if (!BEGINS_AT_ZERO.test(name)) continue;
    const part = weights.subarray(offset, offset + size);
    expect(part.every((each) => each === 0)).toBe(true);
    random.fillNormal(part).forEach((each, i) => {
      part[i] = each / 10;
    });
  }
  return weights;
}

function inputsOf(network: Network, ...texts: number[][]) {
  const random = Random.of(1);
  return {
    weights: weightsOf(network),
    actions: random.fillNormal(new Float32Array(BATCH * ROW)),
    time: Float32Array.of(0.2, 0.7),
    text: Float32Array.from(texts.flat()),
  };
}

function apply(
  network: Network,
  { weights, actions, time, text }: TensorMap,
  probe?: AttentionProbe,
) {
  const input = {
    actions: actions as Tensor3D,
    time: time as Tensor1D,
    text: text as Tensor2D,
    observation: tf.zeros<tf.Rank.R2>([BATCH, 0]),
  };
  return network.apply(network.table.unpack(weights), input, probe);
}

const answer = async (network: Network, inputs: ReturnType<typeof inputsOf>) =>
  (await runOn(createCompiledEngine(), (x) => ({ y: apply(network, x) }), specsOf(network), inputs))
    .y;

describe.each([1, 2, 4])('the U-Net over a picture, in patches of %d', (patch) => {
  const network = networkOf(patch);

  it('answers as many numbers as it was asked about, on every engine alike', async () => {
    const results = [];
    for (const [, createEngine] of ENGINES) {
      const inputs = inputsOf(network, BLUE, RED);
      const specs = specsOf(network);
      results.push(
        await runOn(await createEngine(), (x) => ({ y: apply(network, x) }), specs, inputs),
      );
    }
    expect(results[0].y).toHaveLength(BATCH * ROW);
    expect(relativeError(results[1].y, results[0].y)).toBeLessThan(1e-4);
  });

  it('answers differently to another word and at another time, in that row alone', async () => {
    const y = await answer(network, inputsOf(network, BLUE, BLUE));
    const word = await answer(network, inputsOf(network, BLUE, RED));
    const inputs = inputsOf(network, BLUE, BLUE);
    const later = await answer(network, { ...inputs, time: Float32Array.of(0.2, 0.9) });
    for (const z of [word, later]) {
      expect(relativeError(z.subarray(0, ROW), y.subarray(0, ROW))).toBeLessThan(1e-6);
      expect(relativeError(z.subarray(ROW), y.subarray(ROW))).toBeGreaterThan(1e-4);
    }
  });
});

describe('the U-Net over a picture', () => {
  const network = networkOf(2);

  it('says where each word is looked at: in the middle and on the way up, never on the way down', async () => {
    const { y, ...looked } = await runOn(
      createCompiledEngine(),
      (x) => {
        const weights: TensorMap = {};
        const y = apply(network, x, (block, each) => {
          weights[block] = each;
        });
        return { y, ...weights };
      },
      specsOf(network),
      inputsOf(network, BLUE, RED),
    );
    expect(y).toHaveLength(BATCH * ROW);
    // Two by two places in the middle, four by four above it; three tokens.
    const sizes = Object.entries(looked).map(([block, weights]) => [block, weights.length]);
    expect(sizes).toEqual([
      ['middle.attention', BATCH * 4 * 3],
      ['up0.attention', BATCH * 16 * 3],
    ]);
    for (const weights of Object.values(looked)) {
      for (let i = 0; i < weights.length; i += 3) {
        expect(weights[i] + weights[i + 1]).toBeCloseTo(1, 5);
        expect(weights[i + 2]).toBe(0);
      }
    }
  });

  it('that names the data answers the velocity that is there when the time is up', async () => {
    const naming = networkOf(2, 'data');
    const inputs = inputsOf(naming, BLUE, RED);
    // What a patch keeps of itself comes last among the parameters: its weights, then its biases.
    const keeping = inputs.weights.slice().fill(0.5, inputs.weights.length - 12);
    const reached = async (weights: Float32Array) => {
      const velocity = await answer(naming, { ...inputs, weights });
      return velocity.map((each, i) => {
        const left = 1 - inputs.time[Math.floor(i / ROW)];
        return inputs.actions[i] + left * each;
      });
    };
    const [data, kept] = [await reached(inputs.weights), await reached(keeping)];
    kept.forEach((each, i) => {
      expect(each).toBeCloseTo(data[i] + inputs.actions[i] / 2, 4);
    });
    const late = { ...inputs, time: Float32Array.of(1, 1) };
    expect((await answer(naming, late)).every(Number.isFinite)).toBe(true);
  });

  it('sees a patch as its place: what changes in a far corner reaches the other through the bottom', async () => {
    const inputs = inputsOf(network, BLUE, BLUE);
    const y = await answer(network, inputs);
    const actions = inputs.actions.slice();
    actions[ROW - 1] += 1;
    const z = await answer(network, { ...inputs, actions });
    expect(Math.abs(z[0] - y[0])).toBeGreaterThan(0);
    expect(relativeError(z.subarray(ROW), y.subarray(ROW))).toBeLessThan(1e-6);
  });
});
