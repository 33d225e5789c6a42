import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { createLstm, type LstmConfig } from '../../../policies/networks/lstm.ts';
import { Random } from '../../../policies/random.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';

const CONFIG: LstmConfig = {
  horizon: 6,
  actionDim: 3,
  observationDim: 5,
  hidden: 7,
  embedding: 16,
};
const BATCH = 4;
const network = createLstm(CONFIG);

const SPECS = [
  { name: 'weights', shape: [network.table.size] },
  { name: 'actions', shape: [BATCH, 6, 3] },
  { name: 'time', shape: [BATCH] },
  { name: 'observation', shape: [BATCH, 5] },
];

function apply({ weights, actions, time, observation }: Record<string, Tensor>): Tensor3D {
  return network.apply(network.table.unpack(weights), {
    actions: actions as Tensor3D,
    time: time as Tensor1D,
    observation: observation as Tensor2D,
  });
}

function inputsOf(seed: number) {
  const random = Random.of(seed);
  return {
    // Larger than it begins with, so that the gates are far from their middle.
    weights: random.fillNormal(new Float32Array(network.table.size)).map((w) => w / 2),
    actions: random.fillNormal(new Float32Array(BATCH * 18)),
    time: Float32Array.from({ length: BATCH }, () => random.uniform()),
    observation: random.fillNormal(new Float32Array(BATCH * 5)),
  };
}

const answer = async (inputs: ReturnType<typeof inputsOf>) =>
  (await runOn(createCompiledEngine(), (x) => ({ y: apply(x) }), SPECS, inputs)).y;

/** The network's parameters by name, and how to multiply by them, in plain numbers. */
function plain(weights: Float32Array) {
  let offset = 0;
  const parts = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape } of network.table.specs) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    parts.set(name, { shape, data: weights.subarray(offset, offset + size) });
    offset += size;
  }
  const part = (name: string) => {
    const found = parts.get(name);
    if (!found) throw new Error(`expected a parameter ${name}`);
    return found;
  };
  const times = (x: readonly number[], name: string): number[] => {
    const { shape, data } = part(name);
    return Array.from({ length: shape[1] }, (_, j) =>
      x.reduce((sum, value, i) => sum + value * data[i * shape[1] + j], 0),
    );
  };
  const layer = (x: readonly number[], name: string): number[] =>
    times(x, `${name}.weight`).map((value, j) => value + part(`${name}.bias`).data[j]);
  return { times, layer };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const silu = (x: number) => x * sigmoid(x);

/** The equations of the LSTM, one number at a time. */
function byHand(weights: Float32Array, observation: readonly number[]): number[] {
  const { times, layer } = plain(weights);
  const first = layer(observation, 'observation.first').map(silu);
  const seen = layer(first, 'observation.second').map(silu);
  const told = layer(seen, 'cell.observation');
  let action = [0, 0, 0];
  let h = new Array<number>(7).fill(0);
  let c = new Array<number>(7).fill(0);
  const chunk: number[] = [];
  for (let t = 0; t < 6; t++) {
    const gates = times([...action, ...h], 'cell.recurrent.weight').map((g, j) => g + told[j]);
    const gate = (which: number, unit: number) => gates[which * 7 + unit];
    c = c.map(
      (cell, u) => sigmoid(gate(1, u) + 1) * cell + sigmoid(gate(0, u)) * Math.tanh(gate(2, u)),
    );
    h = c.map((cell, u) => sigmoid(gate(3, u)) * Math.tanh(cell));
    action = layer(h, 'output');
    chunk.push(...action);
  }
  return chunk;
}

describe('the LSTM', () => {
  it.each(ENGINES)('follows its equations on the engine "%s"', async (_, createEngine) => {
    const inputs = inputsOf(1);
    const { y } = await runOn(await createEngine(), (x) => ({ y: apply(x) }), SPECS, inputs);
    for (let row = 0; row < BATCH; row++) {
      const observation = Array.from(inputs.observation.subarray(row * 5, (row + 1) * 5));
      const expected = byHand(inputs.weights, observation);
      expect(relativeError(y.subarray(row * 18, (row + 1) * 18), expected)).toBeLessThan(1e-5);
    }
  });

  it('has one answer to an observation, whatever the noise and the time', async () => {
    const [inputs, other] = [inputsOf(2), inputsOf(3)];
    const y = await answer(inputs);
    const { weights, observation } = inputs;
    expect(await answer({ ...other, weights, observation })).toEqual(y);
    const changed = await answer({ ...inputs, observation: other.observation });
    expect(relativeError(changed, y)).toBeGreaterThan(0.01);
  });

  it('lets every parameter take part, through time', async () => {
    const engine = createCompiledEngine();
    const gradient = (inputs: Record<string, Tensor>) => {
      // Of the last action alone: the first ones count only by what they pass on.
      const last = (weights: Tensor) => {
        const y = apply({ ...inputs, weights });
        return tf.sum(tf.square(tf.slice(y, [0, 5, 0], [BATCH, 1, 3])));
      };
      return { g: tf.grad(last)(inputs.weights) };
    };
    const { g } = await runOn(engine, gradient, SPECS, inputsOf(4));
    let offset = 0;
    for (const { name, shape } of network.table.specs) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const part = g.subarray(offset, offset + size);
      expect(
        part.every((value) => Math.abs(value) > 0),
        name,
      ).toBe(true);
      offset += size;
    }
  });
});
