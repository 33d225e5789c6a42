import { sizeOf } from '../types.ts';
import type { Graph, GraphNode } from './graph.ts';

/**
 * Floating-point operations of all matrix products and convolutions of a graph, a multiplication and an addition
 * counting as two. Other operators are left out: their time is memory's, not arithmetic's.
 */
export function productFlops(graph: Graph): number {
  return graph.nodes.reduce((total, node) => total + flopsOf(node), 0);
}

/** The same of the largest product alone: whether it pays to share one among threads. */
export function largestProductFlops(graph: Graph): number {
  return graph.nodes.reduce((largest, node) => Math.max(largest, flopsOf(node)), 0);
}

function flopsOf({ op, inputs, outputs, attributes }: GraphNode): number {
  // A filter is [Co, Ci, ..taps].
  if (op === 'Conv') return 2 * sizeOf(outputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
  if (op !== 'Gemm' && op !== 'MatMul' && op !== 'FusedMatMul') return 0;
  const { shape } = inputs[0];
  // The axis that is summed over.
  const inner = shape[shape.length - (attributes.transA === 1 ? 2 : 1)];
  return 2 * sizeOf(outputs[0].shape) * inner;
}
