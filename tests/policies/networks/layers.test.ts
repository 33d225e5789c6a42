import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, type TensorFunction } from '../../../policies/engine/index.ts';
import {
  groupNorm,
  silu,
  sinusoidalEmbedding,
  upsample,
} from '../../../policies/networks/layers.ts';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { ENGINES, randomInputs, relativeError, runOn } from '../../support/engines.ts';

/** [T, B, C] */
const SHAPE = [6, 3, 8];
const GROUPS = 4;

/** Group normalisation as Wu and He write it, left to automatic differentiation. */
function plainGroupNorm(x: Tensor3D, scale: Tensor, shift: Tensor): Tensor3D {
  const [time, batch, channels] = x.shape;
  const grouped = tf.reshape(x, [time, batch, GROUPS, channels / GROUPS]);
  const mean = tf.mean(grouped, [0, 3], true);
  const variance = tf.mean(tf.square(tf.sub(grouped, mean)), [0, 3], true);
  const normal = tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(tf.reshape(normal, x.shape), scale), shift);
}

/** Value and gradients of a loss that every output takes part in differently. */
function withGradients(
  layer: (x: Tensor3D, scale: Tensor1D, shift: Tensor1D) => Tensor,
): TensorFunction {
  return ({ x, scale, shift }) => {
    const loss = (...args: Tensor[]) => {
      const y = layer(args[0] as Tensor3D, args[1] as Tensor1D, args[2] as Tensor1D);
      return tf.sum(tf.mul(y, tf.sin(tf.mul(y, 3)))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)([x, scale, shift]);
    return { value, dx: grads[0], dScale: grads[1], dShift: grads[2] };
  };
}

const SPECS = [
  { name: 'x', shape: SHAPE },
  { name: 'scale', shape: [8] },
  { name: 'shift', shape: [8] },
];

function ownGroupNorm(): (x: Tensor3D, scale: Tensor1D, shift: Tensor1D) => Tensor {
  const table = new ParameterTable();
  const layer = groupNorm(table, 'norm', 8, GROUPS);
  return (x, scale, shift) => layer([scale, shift], x);
}

describe.each(ENGINES)('on %s', (_, createEngine) => {
  it('group normalisation and its hand-written gradients equal the textbook formula', async () => {
    const engine = await createEngine();
    const inputs = randomInputs(SPECS, 5);
    const own = await runOn(engine, withGradients(ownGroupNorm()), SPECS, inputs);
    const plain = await runOn(engine, withGradients(plainGroupNorm), SPECS, inputs);
    for (const name of Object.keys(plain)) {
      expect(relativeError(own[name], plain[name]), name).toBeLessThan(2e-4);
    }
  });

  it('SiLU and its hand-written gradient equal x·σ(x)', async () => {
    const engine = await createEngine();
    const inputs = randomInputs(SPECS, 6);
    const own = await runOn(
      engine,
      withGradients((x, scale, shift) => tf.add(tf.mul(silu(x), scale), shift)),
      SPECS,
      inputs,
    );
    const plain = await runOn(
      engine,
      withGradients((x, scale, shift) => tf.add(tf.mul(tf.mul(x, tf.sigmoid(x)), scale), shift)),
      SPECS,
      inputs,
    );
    expect(relativeError(own.value, plain.value)).toBeLessThan(1e-5);
    expect(relativeError(own.dx, plain.dx)).toBeLessThan(1e-5);
  });
});

describe('group normalisation', () => {
  it('leaves each group with mean 0 and variance 1, whatever its offset', async () => {
    const specs = [{ name: 'x', shape: SHAPE }];
    const { x } = randomInputs(specs, 7);
    // An offset a thousand times the spread is where E[x²] − E[x]² loses all its digits.
    const shifted = Float32Array.from(x, (value) => 1000 + value);
    const { y } = await runOn(
      createCompiledEngine(),
      ({ x }) => ({ y: ownGroupNorm()(x as Tensor3D, tf.ones([8]), tf.zeros([8])) }),
      specs,
      { x: shifted },
    );
    for (let b = 0; b < 3; b++) {
      for (let g = 0; g < GROUPS; g++) {
        const values: number[] = [];
        for (let t = 0; t < 6; t++) {
          for (let c = 0; c < 2; c++) values.push(y[t * 24 + b * 8 + g * 2 + c]);
        }
        const mean = values.reduce((sum, value) => sum + value) / values.length;
        const variance =
          values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        expect(mean).toBeCloseTo(0, 3);
        expect(variance).toBeCloseTo(1, 2);
      }
    }
  });
});

describe('the step embedding', () => {
  it('tells apart every two of a thousand diffusion steps', async () => {
    const specs = [{ name: 'time', shape: [1000] }];
    const time = Float32Array.from({ length: 1000 }, (_, k) => (k + 1) / 1000);
    const { e } = await runOn(
      createCompiledEngine(),
      ({ time }) => ({ e: sinusoidalEmbedding(time as Tensor1D, 64) }),
      specs,
      { time },
    );
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 1; k < 1000; k++) {
      let squares = 0;
      for (let i = 0; i < 64; i++) squares += (e[k * 64 + i] - e[(k - 1) * 64 + i]) ** 2;
      nearest = Math.min(nearest, Math.sqrt(squares));
    }
    expect(nearest).toBeGreaterThan(0.1);
  });
});

describe('upsampling', () => {
  it('repeats each time step', async () => {
    const { y } = await runOn(
      createCompiledEngine(),
      ({ x }) => ({ y: upsample(x as Tensor3D) }),
      [{ name: 'x', shape: [2, 1, 3] }],
      { x: Float32Array.of(1, 2, 3, 4, 5, 6) },
    );
    expect(Array.from(y)).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
  });
});
