import type { ConstantData, DType, Graph, Value } from '../graph/graph.ts';

/** Makes values that a graph does not have yet. */
export class FreshValues {
  readonly #constants: Map<Value, ConstantData>;
  #nextId: number;

  constructor({ inputs, constants, nodes }: Graph) {
    this.#constants = new Map(constants);
    const values = [
      ...inputs.map(({ value }) => value),
      ...constants.keys(),
      ...nodes.flatMap(({ outputs }) => outputs),
    ];
    this.#nextId = values.reduce((next, { id }) => Math.max(next, id + 1), 0);
  }

  /** The graph's constants and those made. */
  get constants(): ReadonlyMap<Value, ConstantData> {
    return this.#constants;
  }

  value(dtype: DType, shape: readonly number[]): Value {
    return { id: this.#nextId++, dtype, shape };
  }

  floats(data: Float32Array, shape: readonly number[]): Value {
    const value = this.value('float32', shape);
    this.#constants.set(value, data);
    return value;
  }

  /** A vector of whole numbers, the form in which ONNX takes shapes and repeats. */
  int64(numbers: readonly number[]): Value {
    const value = this.value('int64', [numbers.length]);
    this.#constants.set(value, BigInt64Array.from(numbers, BigInt));
    return value;
  }
}
