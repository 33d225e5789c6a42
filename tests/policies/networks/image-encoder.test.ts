import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
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
  { name: 'said', shape: [BATCH, WIDTH] },
];
const weights = table.initialize(Random.of(3));
/** Numbers in ±1, [BATCH, size]. */
function noise(seed: number, size = PIXELS): Float32Array {
  const random = Random.of(seed);
  return Float32Array.from({ length: BATCH * size }, () => 2 * random.uniform() - 1);
}

/** Squares of 4 × 4 pixels on grey, each with its upper left corner at a place. */
function squares(...all: [Place, Colour][]): Float32Array {
  const image = new Float32Array(PIXELS);
  for (const [[x, y], colour] of all) {
    for (let row = y; row < y + 4; row++) {
      for (let column = x; column < x + 4; column++) {
        image.set(colour, 3 * (row * IMAGE.size + column));
      }
    }
  }
  return image;
}

describe('the image encoder', () => {
  const run = (x: Record<string, Tensor>) => {
    const { tokens } = encode(table.unpack(x.weights), x.image as Tensor2D, x.said as Tensor2D);
    return { tokens };
  };

  it('is the same on every engine', async () => {
    const results = [];
    for (const [, createEngine] of ENGINES) {
      results.push(
        await runOn(await createEngine(), run, SPECS, {
          weights,
          image: noise(1),
          said: noise(4, WIDTH),
        }),
      );
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
      { weights, image: noise(2), said: noise(5, WIDTH) },
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

  it('moves its points with what it sees before it has learnt anything', async () => {
    const left = squares([[2, 14], RED]);
    const right = squares([[26, 14], RED]);
    const { places } = await runOn(
      createCompiledEngine(),
      (x) => ({
        places: encode(table.unpack(x.weights), x.image as Tensor2D, x.said as Tensor2D).places,
      }),
      SPECS,
      { weights, image: Float32Array.of(...left, ...right), said: new Float32Array(BATCH * WIDTH) },
    );
    const across = (row: number) =>
      Array.from({ length: IMAGE.points }, (_, k) => places[2 * (row * IMAGE.points + k)]);
    const moves = across(1).map((x, k) => x - across(0)[k]);
    // The square itself moves by 1.5. Flat maps leave all points in the middle.
    expect(Math.max(...moves)).toBeGreaterThan(0.5);
  });

  it('can learn to say where something is, to a part of a pixel', async () => {
    const random = Random.of(6);
    const loss = await learnPlaces(200, () => {
      const at = place(random);
      return { image: squares([at, WHITE]), said: NOTHING_SAID, at };
    });
    expect(loss).toBeLessThan((0.2 * PIXEL) ** 2);
  });

  it('can learn to look for what is said', async () => {
    const random = Random.of(7);
    const loss = await learnPlaces(300, () => {
      const red = place(random);
      const green = place(random);
      const image = squares([red, RED], [green, GREEN]);
      return random.uniform() < 0.5
        ? { image, said: SAID.red, at: red }
        : { image, said: SAID.green, at: green };
    });
    expect(loss).toBeLessThan((0.5 * PIXEL) ** 2);
  });
});

type Place = readonly [x: number, y: number];
type Colour = readonly [red: number, green: number, blue: number];

const WHITE: Colour = [1, 1, 1];
const RED: Colour = [1, -0.5, -0.5];
const GREEN: Colour = [-0.5, 1, -0.5];
/** Length of a pixel where the image is ±1. */
const PIXEL = 2 / IMAGE.size;
const NOTHING_SAID = new Float32Array(WIDTH);
const SAID = {
  red: Float32Array.from({ length: WIDTH }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  green: Float32Array.from({ length: WIDTH }, (_, i) => (i % 4 < 2 ? 1 : -1)),
};

function place(random: Random): Place {
  return [random.below(28), random.below(28)];
}

interface Example {
  readonly image: Float32Array;
  readonly said: Float32Array;
  readonly at: Place;
}

/**
 * Trains the mean of all points to be the middle of the square that is meant.
 *
 * @returns mean squared error of the last 25 steps
 */
async function learnPlaces(steps: number, example: () => Example): Promise<number> {
  const batch = 16;
  const specs = [
    { name: 'weights', shape: [table.size] },
    { name: 'image', shape: [batch, PIXELS] },
    { name: 'said', shape: [batch, WIDTH] },
    { name: 'place', shape: [batch, 2] },
  ];
  const step = await createCompiledEngine().compile((x) => {
    const loss = (w: Tensor) => {
      const { places } = encode(table.unpack(w), x.image as Tensor2D, x.said as Tensor2D);
      const found = tf.mean(tf.reshape(places, [batch, IMAGE.points, 2]), 1);
      return tf.mean(tf.square(tf.sub(found, x.place)));
    };
    const { value, grad } = tf.valueAndGrad(loss)(x.weights);
    return { value, grad };
  }, specs);
  const current = weights.slice();
  const moment = new Float32Array(current.length);
  const square2 = new Float32Array(current.length);
  const losses: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const examples = Array.from({ length: batch }, example);
    const { value, grad } = await step.run({
      weights: current,
      image: Float32Array.from(examples.flatMap(({ image }) => [...image])),
      said: Float32Array.from(examples.flatMap(({ said }) => [...said])),
      place: Float32Array.from(
        examples.flatMap(({ at }) => at.map((x) => (x + 2) / (IMAGE.size / 2) - 1)),
      ),
    });
    losses.push(value[0]);
    // Adam.
    for (let k = 0; k < current.length; k++) {
      moment[k] = 0.9 * moment[k] + 0.1 * grad[k];
      square2[k] = 0.99 * square2[k] + 0.01 * grad[k] ** 2;
      const rate = (1e-2 / (1 - 0.9 ** i)) * Math.sqrt(1 - 0.99 ** i);
      current[k] -= (rate * moment[k]) / (Math.sqrt(square2[k]) + 1e-8);
    }
  }
  await step.dispose();
  return losses.slice(-25).reduce((sum, loss) => sum + loss) / 25;
}
