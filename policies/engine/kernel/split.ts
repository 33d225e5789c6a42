import type { Graph, GraphNode, NamedValue, Value } from '../graph/graph.ts';
import { eliminateDeadCode } from '../passes/dead-code.ts';
import { FreshValues } from '../passes/fresh-values.ts';
import { sizeOf } from '../types.ts';
import {
  BODY_VECTOR,
  KERNEL_OPERANDS,
  type KernelOp,
  type KernelStep,
  SCALARS,
  type VectorTail,
} from './tail.ts';

/** Fewer are as fast in ONNX Runtime. */
const MIN_STEPS = 8;

/**
 * Parts a graph into what ONNX Runtime is to run and the operations on long vectors at its end, of which
 * each is a pass over memory there.
 *
 * @returns null where a graph ends in no such operations, or is made of nothing else
 */
export function splitTail(graph: Graph): { body: Graph; tail: VectorTail } | null {
  const size = Math.max(...graph.outputs.map(({ value }) => vectorSize(value)));
  const isStep = (node: GraphNode) => isKernelNode(node, size);
  const made = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node])));
  const isMadeHere = (value: Value) => {
    const node = made.get(value);
    return node !== undefined && isStep(node);
  };
  const ends = graph.outputs.filter(({ value }) => isMadeHere(value));
  const needed = new Set(ends.map(({ value }) => value));
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.outputs[0]) || !isStep(node)) continue;
    for (const value of node.inputs) needed.add(value);
  }
  const steps = graph.nodes.filter((node) => needed.has(node.outputs[0]) && isStep(node));
  const begin = [...needed].filter((value) => !isMadeHere(value));
  const vectors = begin.filter((value) => vectorSize(value) === size);
  if (steps.length < MIN_STEPS || vectors.some((value) => graph.constants.has(value))) return null;

  const others = begin.filter((value) => !vectors.includes(value));
  const constants = others.filter((value) => graph.constants.has(value));
  const scalars = others.filter((value) => !graph.constants.has(value));
  const inputNames = new Map(graph.inputs.map(({ name, value }) => [value, name]));
  const names = vectors.map((value, i) => inputNames.get(value) ?? `${BODY_VECTOR}${i}`);
  const body = bodyOf(graph, {
    outputs: [
      ...graph.outputs.filter((output) => !ends.includes(output)),
      ...vectors.flatMap((value, i) => (inputNames.has(value) ? [] : { name: names[i], value })),
    ],
    scalars,
  });
  if (body.outputs.length === 0) return null;
  const order = [...vectors, ...scalars, ...constants, ...steps.map(({ outputs }) => outputs[0])];
  const place = new Map(order.map((value, i) => [value, i]));
  const at = (value: Value) => place.get(value) as number;
  return {
    body,
    tail: {
      size,
      reads: body.inputs.map(({ name }) => name),
      vectors: names,
      scalars: scalars.length,
      constants: constants.map((value) => Number(graph.constants.get(value)?.[0])),
      steps: steps.map(
        ({ op, inputs }): KernelStep => ({ op: op as KernelOp, of: inputs.map(at) }),
      ),
      outputs: ends.map(({ name, value }) => ({ name, of: at(value) })),
    },
  };
}

/** Length of a vector of floats; 1 for anything else, which is no vector here. */
function vectorSize({ dtype, shape }: Value): number {
  return dtype === 'float32' && shape.length === 1 ? shape[0] : 1;
}

/** Whether a node makes a vector of this size from such vectors and single numbers. */
function isKernelNode({ op, inputs, outputs }: GraphNode, size: number): boolean {
  const isVector = size > 1 && vectorSize(outputs[0]) === size && op in KERNEL_OPERANDS;
  return (
    isVector && inputs.every((value) => vectorSize(value) === size || sizeOf(value.shape) === 1)
  );
}

/** What is left: single numbers as one vector, since each output costs some microseconds. */
function bodyOf(
  graph: Graph,
  { outputs, scalars }: { outputs: readonly NamedValue[]; scalars: readonly Value[] },
): Graph {
  const fresh = new FreshValues(graph);
  const nodes = [...graph.nodes];
  const together: NamedValue[] = [];
  if (scalars.length > 0) {
    const parts = scalars.map((value) => {
      const part = fresh.value('float32', [1]);
      const inputs = [value, fresh.int64([1])];
      nodes.push({ op: 'Reshape', inputs, outputs: [part], attributes: {} });
      return part;
    });
    const value = fresh.value('float32', [scalars.length]);
    nodes.push({ op: 'Concat', inputs: parts, outputs: [value], attributes: { axis: 0 } });
    together.push({ name: SCALARS, value });
  }
  const { constants } = fresh;
  const body = eliminateDeadCode({
    ...graph,
    nodes,
    constants,
    outputs: [...outputs, ...together],
  });
  const read = new Set([
    ...body.nodes.flatMap(({ inputs }) => inputs),
    ...body.outputs.map(({ value }) => value),
  ]);
  return { ...body, inputs: graph.inputs.filter(({ value }) => read.has(value)) };
}
