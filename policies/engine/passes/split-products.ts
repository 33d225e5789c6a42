import type { Graph, GraphNode, Value } from '../graph/graph.ts';
import { FreshValues } from './fresh-values.ts';
import { varyingValues } from './varying.ts';

/** Of single numbers, so that of joined parts they are the joined results. */
const ELEMENTWISE = new Set(['Sigmoid', 'Tanh', 'Relu', 'Mul', 'Add']);

/**
 * Splits products by rows that were joined from two parts, where several matrices take the same rows, into
 * those of the parts. In a plan one part is then known before anything runs, and the other is the same in
 * all steps.
 */
export function splitProducts(graph: Graph): Graph {
  const fresh = new FreshValues(graph);
  const varying = varyingValues(graph);
  const taken = new Map<Value, number>();
  for (const node of graph.nodes) {
    if (isProductByConstant(node, varying)) {
      taken.set(node.inputs[0], (taken.get(node.inputs[0]) ?? 0) + 1);
    }
  }
  /** The two parts of a joined value. */
  const parts = new Map<Value, readonly [Value, Value]>();
  const nodes: GraphNode[] = [];
  const make = (node: Omit<GraphNode, 'outputs'>, shape: readonly number[]): Value => {
    const result = fresh.value('float32', shape);
    nodes.push({ ...node, outputs: [result] });
    return result;
  };

  /** The same operator on both parts, where each operand has two and they are as long. */
  const apart = (node: GraphNode): readonly [Value, Value] | null => {
    const operands = node.inputs.flatMap((input) => {
      const both = parts.get(input);
      return both ? [both] : [];
    });
    const [first] = operands;
    const areAlike = operands.every(([a]) => String(a.shape) === String(first[0].shape));
    if (operands.length < node.inputs.length || !areAlike) return null;
    const on = (place: 0 | 1) =>
      make({ ...node, inputs: operands.map((each) => each[place]) }, first[place].shape);
    return [on(0), on(1)];
  };

  for (const node of graph.nodes) {
    const { op, inputs, outputs, attributes } = node;
    const [output] = outputs;
    const both = parts.get(inputs[0]);
    if (both && isProductByConstant(node, varying) && (taken.get(inputs[0]) ?? 0) > 1) {
      const [, matrix, ...bias] = inputs;
      const by = (part: Value, start: number, begin: readonly Value[]) => {
        const bounds = [[start], [start + part.shape[1]], [0]].map((list) => fresh.int64(list));
        const rows = [part.shape[1], matrix.shape[1]];
        const own = make({ op: 'Slice', inputs: [matrix, ...bounds], attributes: {} }, rows);
        return make({ op, inputs: [part, own, ...begin], attributes }, output.shape);
      };
      const [first, second] = [by(both[0], 0, bias), by(both[1], both[0].shape[1], [])];
      nodes.push({ op: 'Add', inputs: [second, first], outputs, attributes: {} });
      continue;
    }
    nodes.push(node);
    if (op === 'Concat' && attributes.axis === 1 && output.shape.length === 2) {
      if (inputs.length === 2) parts.set(output, [inputs[0], inputs[1]]);
    } else if (ELEMENTWISE.has(op)) {
      const apartToo = apart(node);
      if (apartToo) parts.set(output, apartToo);
    }
  }
  return { ...graph, nodes, constants: fresh.constants };
}

/** A product by a matrix that is known before anything runs, as is what it begins from. */
export function isProductByConstant(
  { op, inputs, attributes }: GraphNode,
  varying: ReadonlySet<Value>,
): boolean {
  const isTurned = attributes.transA === 1 || attributes.transB === 1;
  return op === 'Gemm' && !isTurned && inputs.slice(1).every((input) => !varying.has(input));
}
