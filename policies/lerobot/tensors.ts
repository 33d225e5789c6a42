import { CheckpointError, decodeSafetensors, type TensorEntry } from '../checkpoint/safetensors.ts';
import type { ParameterTable } from '../networks/parameters.ts';
import { LeRobotError, refuse } from './error.ts';

export type { TensorEntry };

/** @throws LeRobotError for what is no whole safetensors file of f32 or bf16 numbers */
export function decodeTensors(file: string, bytes: Uint8Array): ReadonlyMap<string, TensorEntry> {
  try {
    return decodeSafetensors(bytes).tensors;
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause;
    throw new LeRobotError(`${file}: ${cause.message}`, { cause });
  }
}

const CURE = 'take the directory of one training, with all of its files';

/**
 * A network's parameters, flat, from tensors of PyTorch's, whose axes are in reverse.
 *
 * @param table   of the network, names as in the file but for a normalisation's scale and shift
 * @param tensors of the file; a compiled network's names have "_orig_mod" in them
 * @param isOther those that are no parameters
 * @throws LeRobotError unless there is each of them, of its shape and finite, and no other
 */
export function packWeights(
  file: string,
  table: ParameterTable,
  tensors: ReadonlyMap<string, TensorEntry>,
  isOther: (name: string) => boolean,
): Float32Array {
  const left = new Map(
    [...tensors].map(([name, entry]) => [name.replace('._orig_mod', ''), entry]),
  );
  const weights = new Float32Array(table.size);
  let offset = 0;
  for (const { name: ours, shape } of table.specs) {
    const name = ours.replace(/\.scale$/, '.weight').replace(/\.shift$/, '.bias');
    const expected = shape.toReversed();
    const entry = left.get(name);
    if (!entry || String(entry.shape) !== String(expected)) {
      const got = entry ? `[${entry.shape.join(', ')}]` : 'none';
      refuse(file, `"${name}" of shape [${expected.join(', ')}], as the settings say`, got, CURE);
    }
    if (!entry.data.every(Number.isFinite)) {
      refuse(
        file,
        `finite numbers in "${name}"`,
        'others',
        'the training diverged: train it again',
      );
    }
    const size = entry.data.length;
    reverseAxes(entry.data, expected, weights.subarray(offset, offset + size));
    left.delete(name);
    offset += size;
  }
  const unknown = [...left.keys()].find((name) => !isOther(name));
  if (unknown === undefined) return weights;
  return refuse(file, 'the parameters that its settings say', `"${unknown}" as well`, CURE);
}

/** Transposes row-major numbers so that their axes come in reverse. */
function reverseAxes(from: Float32Array, shape: readonly number[], to: Float32Array): void {
  // The place of an index is Σ index·stride; in reverse, the first axis is the one that runs fastest.
  const strides: number[] = [];
  let stride = 1;
  for (const extent of shape) {
    strides.push(stride);
    stride *= extent;
  }
  const index = shape.map(() => 0);
  let place = 0;
  for (const value of from) {
    to[place] = value;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      place += strides[axis];
      if (index[axis] < shape[axis]) break;
      place -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}
