import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, type Program } from '../../../policies/engine/index.ts';
import { createUNet, type UNetConfig } from '../../../policies/networks/unet.ts';
import { Random } from '../../../policies/random.ts';
import { relativeError } from '../../support/engines.ts';

const CONFIG: UNetConfig = {
  horizon: 8,
  actionDim: 3,
  observationDim: 5,
  channels: [8, 16],
  kernel: 3,
  groups: 4,
  embedding: 16,
};
const BATCH = 4;
const network = createUNet(CONFIG);

const SPECS = [
  { name: 'weights', shape: [network.table.size] },
  { name: 'actions', shape: [BATCH, 8, 3] },
  { name: 'time', shape: [BATCH] },
  { name: 'observation', shape: [BATCH, 5] },
];

function inputsOf(seed: number) {
  const random = Random.of(seed);
  return {
    weights: network.table.initialize(Random.of(9)),
    actions: random.fillNormal(new Float32Array(BATCH * 24)),
    time: Float32Array.from({ length: BATCH }, () => random.uniform()),
    observation: random.fillNormal(new Float32Array(BATCH * 5)),
  };
}

function apply({ weights, actions, time, observation }: Record<string, Tensor>): Tensor3D {
  return network.apply(network.table.unpack(weights), {
    actions: actions as Tensor3D,
    time: time as Tensor1D,
    observation: observation as Tensor2D,
  });
}

let forward: Program;
beforeAll(async () => {
  forward = await createCompiledEngine().compile((inputs) => ({ y: apply(inputs) }), SPECS);
});

describe('the U-Net', () => {
  it('answers with a chunk of the shape it was given', () => {
    expect(forward.outputShapes.y).toEqual([BATCH, 8, 3]);
  });

  it('treats each row of a batch by itself', async () => {
    const inputs = inputsOf(1);
    const { y } = await forward.run(inputs);
    const other = inputsOf(2);
    const changed = {
      weights: inputs.weights,
      actions: Float32Array.from(inputs.actions, (v, i) => (i < 24 ? v : other.actions[i])),
      time: Float32Array.from(inputs.time, (v, i) => (i < 1 ? v : other.time[i])),
      observation: Float32Array.from(inputs.observation, (v, i) =>
        i < 5 ? v : other.observation[i],
      ),
    };
    const { y: z } = await forward.run(changed);
    expect(relativeError(z.subarray(0, 24), y.subarray(0, 24))).toBeLessThan(1e-5);
    expect(relativeError(z.subarray(24), y.subarray(24))).toBeGreaterThan(0.01);
  });

  it('depends on the noisy actions, the time and the observation', async () => {
    const inputs = inputsOf(3);
    const { y } = await forward.run(inputs);
    const other = inputsOf(4);
    for (const name of ['actions', 'time', 'observation'] as const) {
      const { y: z } = await forward.run({ ...inputs, [name]: other[name] });
      expect(relativeError(z, y), name).toBeGreaterThan(1e-3);
    }
  });

  it('lets every parameter take part in the answer', async () => {
    const engine = createCompiledEngine();
    const gradient = await engine.compile((inputs) => {
      const loss = (weights: Tensor) =>
        tf.sum(tf.square(apply({ ...inputs, weights }))) as tf.Scalar;
      return { g: tf.grad(loss as (x: Tensor) => Tensor)(inputs.weights) };
    }, SPECS);
    const { g } = await gradient.run(inputsOf(5));
    let offset = 0;
    for (const { name, shape } of network.table.specs) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const part = g.subarray(offset, offset + size);
      expect(
        part.some((value) => Math.abs(value) > 1e-7),
        name,
      ).toBe(true);
      offset += size;
    }
  });

  it('takes the step embedding and the observation into every residual block', async () => {
    const names = network.table.specs.map(({ name }) => name);
    const blocks = new Set(names.filter((name) => name.endsWith('.conv1.weight')));
    for (const block of blocks) {
      expect(names).toContain(block.replace('.conv1.weight', '.film.weight'));
    }
    expect(blocks.size).toBe(2 * CONFIG.channels.length + 2 + 2 * (CONFIG.channels.length - 1) + 1);
  });
});
