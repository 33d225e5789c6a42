import type {
  AttributeValue,
  ConstantData,
  DType,
  Graph,
  GraphNode,
  NamedValue,
  Value,
} from './graph.ts';

/** Records a graph, node by node. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #inputs: NamedValue[] = [];
  readonly #constants = new Map<Value, ConstantData>();
  #values = 0;

  #value(dtype: DType, shape: readonly number[]): Value {
    return { id: this.#values++, dtype, shape };
  }

  input(name: string, dtype: DType, shape: readonly number[]): Value {
    const value = this.#value(dtype, shape);
    this.#inputs.push({ name, value });
    return value;
  }

  constant(data: ConstantData, dtype: DType, shape: readonly number[]): Value {
    const value = this.#value(dtype, shape);
    this.#constants.set(value, data);
    return value;
  }

  constantData(value: Value): ConstantData | undefined {
    return this.#constants.get(value);
  }

  /** A vector of whole numbers, the form in which ONNX takes shapes, axes and indices. */
  int64(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), 'int64', [values.length]);
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), 'float32', []);
  }

  /** A node with one output. */
  node(
    op: string,
    inputs: readonly Value[],
    output: { shape: readonly number[]; dtype?: DType },
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Value {
    return this.nodes(op, inputs, [output], attributes)[0];
  }

  /** A node with several outputs. */
  nodes(
    op: string,
    inputs: readonly Value[],
    outputs: readonly { shape: readonly number[]; dtype?: DType }[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): readonly Value[] {
    const values = outputs.map(({ shape, dtype = 'float32' }) => this.#value(dtype, shape));
    this.#nodes.push({ op, inputs, outputs: values, attributes });
    return values;
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.node('Reshape', [value, this.int64(shape)], { shape, dtype: value.dtype });
  }

  /** Axes moved; where only axes of length one move, a reshape: no number does. */
  transpose(value: Value, perm: readonly number[]): Value {
    if (perm.every((axis, i) => axis === i)) return value;
    const shape = perm.map((axis) => value.shape[axis]);
    const moved = perm.filter((axis) => value.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || moved[i - 1] < axis)) return this.reshape(value, shape);
    return this.node('Transpose', [value], { shape, dtype: value.dtype }, { perm });
  }

  finish(outputs: readonly NamedValue[]): Graph {
    return {
      inputs: this.#inputs,
      outputs,
      constants: this.#constants,
      nodes: this.#nodes,
    };
  }
}
