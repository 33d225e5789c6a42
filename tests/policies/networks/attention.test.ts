import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { attend } from '../../../policies/networks/attention.ts';
import { Random } from '../../../policies/random.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';

const B = 2;
const T = 3;
const L = 4;
const HEADS = 2;
const SIZE = 3;
const WIDTH = HEADS * SIZE;
const SPECS = [
  { name: 'query', shape: [B, T, WIDTH] },
  { name: 'key', shape: [B, L, WIDTH] },
  { name: 'value', shape: [B, L, WIDTH] },
  { name: 'mask', shape: [B, L] },
];

function inputsOf(seed: number, mask = new Float32Array(B * L)) {
  const random = Random.of(seed);
  const normal = (size: number) => random.fillNormal(new Float32Array(size));
  return {
    query: normal(B * T * WIDTH),
    key: normal(B * L * WIDTH),
    value: normal(B * L * WIDTH),
    mask,
  };
}

/** The formula, number by number: softmax(q·k/√size + mask)·v for each head. */
function byHand({ query, key, value, mask }: ReturnType<typeof inputsOf>) {
  const attended = new Float32Array(B * T * WIDTH);
  const weights = new Float32Array(B * HEADS * T * L);
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < HEADS; h++) {
      for (let t = 0; t < T; t++) {
        const at = (row: number, length: number) => (b * length + row) * WIDTH + h * SIZE;
        const exponentials = Array.from({ length: L }, (_, l) => {
          let product = 0;
          for (let i = 0; i < SIZE; i++) product += query[at(t, T) + i] * key[at(l, L) + i];
          return Math.exp(product / Math.sqrt(SIZE) + mask[b * L + l]);
        });
        const sum = exponentials.reduce((a, x) => a + x);
        exponentials.forEach((x, l) => {
          weights[((b * HEADS + h) * T + t) * L + l] = x / sum;
          for (let i = 0; i < SIZE; i++) {
            attended[at(t, T) + i] += (x / sum) * value[at(l, L) + i];
          }
        });
      }
    }
  }
  return { attended, weights };
}

describe.each(ENGINES)('attention (%s)', (_, createEngine) => {
  const run = async (inputs: ReturnType<typeof inputsOf>) =>
    runOn(
      await createEngine(),
      (x) => {
        const [query, key, value] = [x.query, x.key, x.value] as Tensor3D[];
        return attend(
          { query, key, value, mask: x.mask as Tensor2D },
          { heads: HEADS, width: WIDTH },
        );
      },
      SPECS,
      inputs,
    );

  it('is the formula', async () => {
    for (const seed of [1, 2]) {
      const expected = byHand(inputsOf(seed));
      const actual = await run(inputsOf(seed));
      expect(relativeError(actual.attended, expected.attended)).toBeLessThan(1e-5);
      expect(relativeError(actual.weights, expected.weights)).toBeLessThan(1e-5);
    }
  });

  it('does not see what is masked', async () => {
    const mask = Float32Array.of(0, 0, -1e9, -1e9, 0, -1e9, 0, 0);
    const inputs = inputsOf(3, mask);
    const { attended, weights } = await run(inputs);
    weights.forEach((weight, i) => {
      const b = Math.floor(i / (HEADS * T * L));
      if (mask[b * L + (i % L)] < 0) expect(weight).toBe(0);
    });
    const other = inputsOf(4);
    const changed = (from: Float32Array, to: Float32Array) =>
      from.map((x, i) => (mask[Math.floor(i / WIDTH)] < 0 ? to[i] : x));
    const again = await run({
      ...inputs,
      key: changed(inputs.key, other.key),
      value: changed(inputs.value, other.value),
    });
    expect(again.attended).toEqual(attended);
  });
});
