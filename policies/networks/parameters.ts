import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { sizeOf } from '../engine/types.ts';
import type { Random } from '../random.ts';

/** How a parameter begins: all zeros, all ones, or uniform in ±1/√fanIn. */
export type Initializer = 'zeros' | 'ones' | { readonly fanIn: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

/** The network's parameters as tensors, in the order in which they were declared. */
export type Parameters = readonly Tensor[];

/** Place of one parameter among the network's parameters. */
export type ParameterIndex = number;

/**
 * The list of a network's parameters. Layers declare what they need while the network is built;
 * training, EMA and checkpoints see one flat vector.
 */
export class ParameterTable {
  readonly #specs: ParameterSpec[] = [];

  get specs(): readonly ParameterSpec[] {
    return this.#specs;
  }

  /** Number of scalars in all parameters. */
  get size(): number {
    return this.#specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
  }

  declare(name: string, shape: readonly number[], initializer: Initializer): ParameterIndex {
    this.#specs.push({ name, shape, initializer });
    return this.#specs.length - 1;
  }

  /** Views of a flat vector [size] as the single parameters. */
  unpack(vector: Tensor): Parameters {
    const sizes = this.#specs.map(({ shape }) => sizeOf(shape));
    return tf
      .split(vector as Tensor1D, sizes, 0)
      .map((part, i) => tf.reshape(part, [...this.#specs[i].shape]));
  }

  /** The reverse of `unpack`. */
  pack(tensors: readonly Tensor[]): Tensor1D {
    return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]) as Tensor1D));
  }

  /** Where each parameter lies in the flat vector. */
  places(): { readonly name: string; readonly offset: number; readonly size: number }[] {
    let end = 0;
    return this.#specs.map(({ name, shape }) => {
      const offset = end;
      const size = sizeOf(shape);
      end += size;
      return { name, offset, size };
    });
  }

  /**
   * Name of the parameter that a place in the flat vector belongs to.
   *
   * @throws RangeError outside of the vector
   */
  nameAt(place: number): string {
    let end = 0;
    for (const { name, shape } of this.#specs) {
      end += sizeOf(shape);
      if (place >= 0 && place < end) return name;
    }
    throw new RangeError(`expected a place from 0 to ${end - 1}, got ${place}`);
  }

  /** Initial values, [size]. */
  initialize(random: Random): Float32Array {
    const vector = new Float32Array(this.size);
    let offset = 0;
    for (const { shape, initializer } of this.#specs) {
      const part = vector.subarray(offset, offset + sizeOf(shape));
      if (initializer === 'ones') part.fill(1);
      if (typeof initializer === 'object') {
        const bound = 1 / Math.sqrt(initializer.fanIn);
        for (let i = 0; i < part.length; i++) part[i] = bound * (2 * random.uniform() - 1);
      }
      offset += part.length;
    }
    return vector;
  }
}
