import {
  type AttributeValue,
  type ConstantData,
  type DType,
  ELEMENT_TYPE,
  type Graph,
  type GraphNode,
  type NamedValue,
  type Value,
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

  /** @param extents as `NamedValue` has them */
  input(
    name: string,
    dtype: DType,
    shape: readonly number[],
    extents?: readonly (number | string)[],
  ): Value {
    const value = this.#value(dtype, shape);
    this.#inputs.push({ name, value, ...(extents && { extents }) });
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

  cast(value: Value, dtype: DType): Value {
    return this.node('Cast', [value], { ...value, dtype }, { to: ELEMENT_TYPE[dtype] });
  }

  /**
   * Takes in all of another graph.
   *
   * @param given what its inputs become, by name
   * @returns     its outputs, by name
   */
  splice(graph: Graph, given: Readonly<Record<string, Value>>): Record<string, Value> {
    const become = new Map(graph.inputs.map(({ name, value }) => [value, given[name]]));
    const use = (value: Value) => become.get(value) ?? value;
    for (const [value, data] of graph.constants) this.#constants.set(value, data);
    this.#nodes.push(...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(use) })));
    return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, use(value)]));
  }

  /**
   * Repeats a graph.
   *
   * @param carried what goes from turn to turn: where it begins
   * @param body    takes the turn's number, whether to go on and what is carried; gives the latter two
   * @returns       what is carried at the end
   */
  loop(turns: number, carried: readonly Value[], body: Graph): readonly Value[] {
    const count = this.constant(BigInt64Array.of(BigInt(turns)), 'int64', []);
    const always = this.constant(Uint8Array.of(1), 'bool', []);
    const outputs = carried.map(({ dtype, shape }) => this.#value(dtype, shape));
    this.#nodes.push({
      op: 'Loop',
      inputs: [count, always, ...carried],
      outputs,
      attributes: {},
      body,
    });
    return outputs;
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
