import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { imageEncoder } from '../../../policies/networks/image-encoder.ts';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { Random } from '../../../policies/random.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';

const IMAGE = { size: 32, channels: 8, points: 4 };
const WIDTH = 8;
const BATCH = 2;
const PIXELS = 3 * IMAGE.size * IMAGE.size;
const table = new ParameterTable();
const encode = imageEncoder(table, IMAGE, WIDTH);
const SPECS = [
  { name: 'weights', shape: [table.size] },
  { name: 'image', shape: [BATCH, PIXELS] },
];
const weights = table.initialize(Random.of(3));
const noise = (seed: number) =>
  Float32Array.from(
    { length: BATCH * PIXELS },
    (
      (random) => () =>
        2 * random.uniform() - 1
    )(Random.of(seed)),
  );

/** A bright square of 4 × 4 pixels on grey, its upper left corner at (x, y). */
function square(x: number, y: number): Float32Array {
  const image = new Float32Array(PIXELS);
  for (let row = y; row < y + 4; row++) {
    for (let column = x; column < x + 4; column++) {
      image.fill(1, 3 * (row * IMAGE.size + column), 3 * (row * IMAGE.size + column) + 3);
    }
  }
  return image;
}

describe('the image encoder', () => {
  const run = (x: Record<string, Tensor>) => ({
    tokens: encode(table.unpack(x.weights), x.image as Tensor2D),
  });

  it('is the same on every engine', async () => {
    const results = [];
    for (const [, createEngine] of ENGINES) {
      results.push(await runOn(await createEngine(), run, SPECS, { weights, image: noise(1) }));
    }
    expect(results[0].tokens).toHaveLength(BATCH * IMAGE.points * WIDTH);
    expect(relativeError(results[1].tokens, results[0].tokens)).toBeLessThan(1e-4);
  });

  it('lets every parameter take part', async () => {
    const { g } = await runOn(
      createCompiledEngine(),
      (x) => ({
        g: tf.grad((w: Tensor) => tf.sum(tf.square(run({ ...x, weights: w }).tokens)))(x.weights),
      }),
      SPECS,
      { weights, image: noise(2) },
    );
    let offset = 0;
    for (const { name, shape } of table.specs) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      // A softmax does not see what moves all of its logits alike.
      const seen = name !== 'image.maps.bias';
      expect(Math.max(...g.subarray(offset, offset + size).map(Math.abs)) > 1e-6, name).toBe(seen);
      offset += size;
    }
  });

  it('can learn to say where something is, to a part of a pixel', async () => {
    // The tokens' first two numbers, averaged over tokens, are trained to be the square's place.
    const batch = 16;
    const specs = [
      { name: 'weights', shape: [table.size] },
      { name: 'image', shape: [batch, PIXELS] },
      { name: 'place', shape: [batch, 2] },
    ];
    const step = await createCompiledEngine().compile((x) => {
      const loss = (w: Tensor) => {
        const tokens = encode(table.unpack(w), x.image as Tensor2D);
        const said = tf.slice(tf.mean(tokens, 1), [0, 0], [batch, 2]);
        return tf.mean(tf.square(tf.sub(said, x.place)));
      };
      const { value, grad } = tf.valueAndGrad(loss)(x.weights);
      return { value, grad };
    }, specs);
    const random = Random.of(6);
    const current = weights.slice();
    const moment = new Float32Array(current.length);
    const square2 = new Float32Array(current.length);
    const losses: number[] = [];
    for (let i = 1; i <= 350; i++) {
      const places = Array.from({ length: batch }, () => [random.below(28), random.below(28)]);
      const image = Float32Array.from(places.flatMap(([x, y]) => [...square(x, y)]));
      const place = Float32Array.from(places.flat(), (x) => x / 14 - 1);
      const { value, grad } = await step.run({ weights: current, image, place });
      losses.push(value[0]);
      // Adam.
      for (let k = 0; k < current.length; k++) {
        moment[k] = 0.9 * moment[k] + 0.1 * grad[k];
        square2[k] = 0.99 * square2[k] + 0.01 * grad[k] ** 2;
        const rate = (1e-2 / (1 - 0.9 ** i)) * Math.sqrt(1 - 0.99 ** i);
        current[k] -= (rate * moment[k]) / (Math.sqrt(square2[k]) + 1e-8);
      }
    }
    const last = losses.slice(-25).reduce((sum, loss) => sum + loss) / 25;
    // A place is uniform over ±1: guessing costs 1/3. Half a pixel is 1/28.
    expect(last).toBeLessThan((0.5 / 14) ** 2);
  }, 60_000);
});
