import type { AttributeValue, Graph, GraphNode, Value } from '../graph/graph.ts';
import { FreshValues } from './fresh-values.ts';
import { isProductByConstant } from './split-products.ts';
import { varyingValues } from './varying.ts';

/**
 * Products of the same rows by several constant matrices become one, where each is added to one of several
 * such products of other rows; so do these, and the sums. A plan asks once for what an observation means
 * for the channels of all blocks, and adds to it once a step. What a sum was split into, with a constant
 * added to a part, comes from the joined one.
 */
export function joinProducts(graph: Graph): Graph {
  const joiner = new ProductJoiner(graph);
  for (const products of joiner.siblings()) joiner.join(products);
  return joiner.graph();
}

/** What is read of a sum: all of it, or parts that it was split into. */
interface Pieces {
  /** Each with the constant that is added to it, if one is. */
  readonly pieces: readonly { readonly value: Value; readonly offset: Value | null }[];
  /** Nodes that these values no longer come from. */
  readonly dropped: readonly GraphNode[];
}

class ProductJoiner {
  readonly #graph: Graph;
  readonly #fresh: FreshValues;
  readonly #varying: ReadonlySet<Value>;
  readonly #makers = new Map<Value, GraphNode>();
  readonly #readers = new Map<Value, GraphNode[]>();
  readonly #outputs: ReadonlySet<Value>;
  /** Of constants alone: they can come before all others. */
  readonly #constant: GraphNode[];
  /** What comes in a node's place. */
  readonly #instead = new Map<GraphNode, readonly GraphNode[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#fresh = new FreshValues(graph);
    this.#varying = varyingValues(graph);
    this.#outputs = new Set(graph.outputs.map(({ value }) => value));
    this.#constant = graph.nodes.filter(({ outputs }) => !this.#varying.has(outputs[0]));
    for (const node of graph.nodes) {
      for (const value of node.outputs) this.#makers.set(value, node);
      for (const value of new Set(node.inputs)) {
        const readers = this.#readers.get(value);
        if (readers) readers.push(node);
        else this.#readers.set(value, [node]);
      }
    }
  }

  /** Products of the same rows that nothing but such sums reads, as many of each. */
  siblings(): GraphNode[][] {
    const groups = new Map<string, GraphNode[]>();
    for (const node of this.#graph.nodes) {
      const { inputs, outputs } = node;
      if (inputs.length !== 2 || !isProductByConstant(node, this.#varying)) continue;
      const sums = this.#readersOf(outputs[0]);
      const others = sums.map((sum) => this.#addedTo(sum, outputs[0]));
      if (!this.#varying.has(inputs[0]) || others.includes(null)) continue;
      const rows = others.map((other) => other?.inputs[0].id);
      const key = [inputs[0].id, ...rows].join();
      const group = groups.get(key);
      if (group) group.push(node);
      else groups.set(key, [node]);
    }
    return [...groups.values()].filter(({ length }) => length > 1);
  }

  join(products: readonly GraphNode[]): void {
    const all = this.#product(products);
    const [product] = all.outputs;
    this.#replace(products, [all]);
    const times = this.#readersOf(products[0].outputs[0]).length;
    for (let time = 0; time < times; time++) {
      const sums = products.map(({ outputs }) => this.#readersOf(outputs[0])[time]);
      const others = sums.flatMap((sum, i) => this.#addedTo(sum, products[i].outputs[0]) ?? []);
      const read = sums.map((sum) => this.#piecesOf(sum));
      const pieces = read.flatMap((each) => each.pieces);
      const other = this.#product(others);
      const moved = this.#moved(other.outputs[0], pieces);
      const sum = this.#fresh.value('float32', product.shape);
      this.#replace(
        [...sums, ...others, ...read.flatMap(({ dropped }) => dropped)],
        [
          ...(this.#varying.has(others[0].outputs[0]) ? [other, ...moved.nodes] : []),
          node('Add', [product, moved.value], [sum]),
          ...this.#split(
            sum,
            pieces.map(({ value }) => value),
          ),
        ],
      );
      if (!this.#varying.has(others[0].outputs[0])) this.#constant.push(other, ...moved.nodes);
    }
  }

  graph(): Graph {
    const varying = this.#graph.nodes.filter(({ outputs }) => this.#varying.has(outputs[0]));
    return {
      ...this.#graph,
      nodes: [...this.#constant, ...varying.flatMap((each) => this.#instead.get(each) ?? [each])],
      constants: this.#fresh.constants,
    };
  }

  #readersOf(value: Value): readonly GraphNode[] {
    return this.#outputs.has(value) ? [] : (this.#readers.get(value) ?? []);
  }

  /** The product that begins from a bias to which another is added, if that is what a node does. */
  #addedTo({ op, inputs }: GraphNode, product: Value): GraphNode | null {
    if (op !== 'Add' || inputs[0] !== product) return null;
    const other = this.#makers.get(inputs[1]);
    const isBiased = other?.inputs.length === 3 && isProductByConstant(other, this.#varying);
    return isBiased && this.#readersOf(inputs[1]).length === 1 ? other : null;
  }

  /** All of some products of the same rows as one. */
  #product(products: readonly GraphNode[]): GraphNode {
    const [rows] = products[0].inputs;
    const joined = products[0].inputs.slice(1).map((each, i) => {
      const values = products.map(({ inputs }) => inputs[i + 1]);
      return this.#ofConstants(values, each.shape.length - 1);
    });
    const result = this.#fresh.value('float32', [rows.shape[0], joined[0].shape[1]]);
    return node('Gemm', [rows, ...joined], [result]);
  }

  /** What is added to pieces of a sum, added to that which the sum is of. */
  #moved(value: Value, pieces: Pieces['pieces']): { value: Value; nodes: readonly GraphNode[] } {
    if (pieces.every(({ offset }) => offset === null)) return { value, nodes: [] };
    const offsets = pieces.map(({ value, offset }) => {
      const nothing = this.#fresh.floats(new Float32Array(value.shape[1]), [1, value.shape[1]]);
      if (!offset) return nothing;
      const row = this.#fresh.value('float32', nothing.shape);
      this.#constant.push(node('Add', [nothing, offset], [row]));
      return row;
    });
    const moved = this.#fresh.value('float32', value.shape);
    return { value: moved, nodes: [node('Add', [value, this.#ofConstants(offsets, 1)], [moved])] };
  }

  #piecesOf({ outputs: [sum] }: GraphNode): Pieces {
    const [split, ...others] = this.#readersOf(sum);
    if (split?.op !== 'Split' || split.attributes.axis !== 1 || others.length > 0) {
      return { pieces: [{ value: sum, offset: null }], dropped: [] };
    }
    const dropped = [split];
    const pieces = split.outputs.map((part) => {
      const [reader, ...others] = this.#readersOf(part);
      const offset = reader?.op === 'Add' && reader.inputs[0] === part ? reader.inputs[1] : null;
      // One number, for all rows and columns.
      if (!offset || offset.shape.length > 0 || this.#varying.has(offset) || others.length > 0) {
        return { value: part, offset: null };
      }
      dropped.push(reader);
      return { value: reader.outputs[0], offset };
    });
    return { pieces, dropped };
  }

  /** One row is split as a vector: a vector is what its parts are read as. */
  #split(sum: Value, values: readonly Value[]): GraphNode[] {
    const [rows, columns] = sum.shape;
    const sizes = this.#fresh.int64(values.map(({ shape }) => shape[1]));
    if (rows > 1) return [node('Split', [sum, sizes], values, { axis: 1 })];
    const vector = this.#fresh.value('float32', [columns]);
    const parts = values.map(({ shape }) => this.#fresh.value('float32', [shape[1]]));
    return [
      node('Reshape', [sum, this.#fresh.int64([columns])], [vector]),
      node('Split', [vector, sizes], parts, { axis: 0 }),
      ...parts.map((part, i) =>
        node('Reshape', [part, this.#fresh.int64(values[i].shape)], [values[i]]),
      ),
    ];
  }

  #ofConstants(values: readonly Value[], axis: number): Value {
    const shape = [...values[0].shape];
    shape[axis] = values.reduce((total, value) => total + value.shape[axis], 0);
    const result = this.#fresh.value('float32', shape);
    this.#constant.push(node('Concat', values, [result], { axis }));
    return result;
  }

  /** What comes where the first of some nodes was. */
  #replace(old: readonly GraphNode[], by: readonly GraphNode[]): void {
    for (const [i, each] of old.entries()) this.#instead.set(each, i === 0 ? by : []);
  }
}

function node(
  op: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): GraphNode {
  return { op, inputs, outputs, attributes };
}
