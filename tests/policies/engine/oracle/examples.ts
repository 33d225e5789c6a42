import type { Scalar, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import { onBackend } from '../../../../policies/engine/backend-lock.ts';
import type {
  TensorData,
  TensorFunction,
  TensorMap,
  TensorSpec,
} from '../../../../policies/engine/index.ts';
import { sizeOf } from '../../../../policies/engine/index.ts';
import { trace } from '../../../../policies/engine/trace/trace.ts';
import { Random } from '../../../../policies/random.ts';
import type { Example, LoweringRow } from './lowerings.ts';

/** The same examples in every run: a failure can be looked at again. */
const SEED = 20;

export function runsOf({ runs = 20 }: LoweringRow): { seed: number; numRuns: number } {
  return { seed: SEED, numRuns: runs };
}

export function specsOf({ inputs }: Example): TensorSpec[] {
  return Object.entries(inputs).map(([name, { shape, dtype }]) =>
    dtype ? { name, shape, dtype } : { name, shape },
  );
}

export function drawInputs({ inputs }: Example, seed: number): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, draw, dtype }], i) => {
      const random = Random.of(seed, i);
      const data = new (dtype ? Int32Array : Float32Array)(sizeOf(shape));
      return [name, data.map(() => draw(random))];
    }),
  );
}

const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  result instanceof tf.Tensor ? [result] : result;

const valueName = (i: number) => `y${i}`;
export const gradientName = (input: string) => `d_${input}`;

/** y0, y1, …: what the example gives. */
export function valuesOf({ run }: Example): TensorFunction {
  return function values(inputs) {
    const results = listOf(run(inputs));
    return Object.fromEntries(results.map((result, i) => [valueName(i), result]));
  };
}

/** The same, as numbers of the one type that programs put out. */
export function floatsOf(example: Example): TensorFunction {
  const values = valuesOf(example);
  return function floats(inputs) {
    const results = Object.entries(values(inputs));
    return Object.fromEntries(
      results.map(([name, y]) => [name, y.dtype === 'float32' ? y : tf.cast(y, 'float32')]),
    );
  };
}

/** What a gradient can be asked for. */
export function differentiable({ inputs }: Example): string[] {
  return Object.keys(inputs).filter((name) => inputs[name].dtype !== 'int32');
}

/**
 * d_x, …: the derivative of Σ weight·y by each input. It takes the weights of y0, y1, … as further
 * inputs under their names. They add nothing to the rounding: a product's derivative by y is the
 * weight itself.
 */
export function gradientsOf(example: Example): TensorFunction {
  const { run, inputs: all } = example;
  const names = differentiable(example);
  const fixed = Object.keys(all).filter((name) => !names.includes(name));
  return function gradients(inputs: TensorMap) {
    const loss = (...args: Tensor[]): Scalar => {
      const given = Object.fromEntries([
        ...args.map((tensor, i) => [names[i], tensor] as const),
        ...fixed.map((name) => [name, inputs[name]] as const),
      ]);
      const results = listOf(run(given));
      const sums = results.map((y, i) => tf.sum(tf.mul(y, inputs[valueName(i)])));
      return tf.addN(sums) as Scalar;
    };
    const grads = tf.grads(loss)(names.map((name) => inputs[name]));
    return Object.fromEntries(names.map((name, i) => [gradientName(name), grads[i]]));
  };
}

/** The TensorFlow.js kernels an example runs. */
export function kernelsOf(example: Example): Promise<string[]> {
  const run = () => {
    const inputs = specsOf(example).map(
      ({ name, shape, dtype }) => [name, tf.zeros([...shape], dtype)] as const,
    );
    return valuesOf(example)(Object.fromEntries(inputs));
  };
  return onBackend('cpu', async () => (await tf.profile(run)).kernelNames);
}

/** The ONNX operators a row's examples are written in, those of other kernels left out. */
export async function operatorsOf(
  row: LoweringRow,
  rows: readonly LoweringRow[],
): Promise<ReadonlySet<string>> {
  const operators = new Set<string>();
  for (const example of fc.sample(row.examples, runsOf(row))) {
    const { nodes } = await trace(valuesOf(example), specsOf(example));
    for (const { op } of nodes) operators.add(op);
  }
  for (const other of rows.filter(({ kernel }) => row.also?.includes(kernel))) {
    for (const op of await operatorsOf(other, rows)) operators.delete(op);
  }
  return operators;
}
