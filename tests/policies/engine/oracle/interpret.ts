import type { Graph, Value } from '../../../../policies/engine/graph/graph.ts';
import { sizeOf } from '../../../../policies/engine/index.ts';
import { OPERATORS } from './operators.ts';
import type { Float64Tensor } from './tensor.ts';

/**
 * Computes a traced graph in float64, one node after the other: what the graph says, whatever
 * rounding and rewriting an engine adds. TensorFlow.js has no float64 of its own.
 *
 * @param inputs one array an input, row-major
 * @returns      one array an output, row-major
 * @throws       for an operator it does not know, and where a shape is not the traced one
 */
export function interpret(
  graph: Graph,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const tensors = new Map<Value, Float64Tensor>();
  const keep = (value: Value, numbers: ArrayLike<number>) =>
    tensors.set(value, { shape: value.shape, data: new Float64Array(numbers) });
  const get = (value: Value) => {
    const tensor = tensors.get(value);
    if (!tensor) throw new Error(`value ${value.id} is read before it is made`);
    return tensor;
  };
  for (const { name, value } of graph.inputs) keep(value, inputs[name]);
  for (const [value, data] of graph.constants)
    keep(value, data instanceof BigInt64Array ? Array.from(data, Number) : data);
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const operator = OPERATORS[op];
    if (!operator) {
      throw new Error(
        `the oracle knows no ${op}: add it to tests/policies/engine/oracle/operators.ts`,
      );
    }
    const results = operator(inputs.map(get), attributes);
    for (const [i, output] of outputs.entries()) {
      const { shape, data } = results[i];
      // Checked, not taken over: the lowering has said what shape it gives.
      if (shape.join() !== output.shape.join() || data.length !== sizeOf(shape)) {
        throw new Error(
          `${op}: traced as [${output.shape}], but gives ${data.length} numbers as [${shape}]`,
        );
      }
      tensors.set(output, { shape, data });
    }
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, get(value).data]));
}
