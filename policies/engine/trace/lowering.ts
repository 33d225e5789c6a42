import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { TensorInfo, TraceOptions, TracingBackend } from './backend.ts';

/** Name under which the tracing backend is registered with TensorFlow.js. */
export const TRACE_BACKEND = 'trace';

/** What a lowering works with besides the kernel's inputs and attributes. */
export interface LoweringContext {
  readonly graph: GraphBuilder;
  readonly options: TraceOptions;
  /** Graph value of a tensor. */
  value(tensor: TensorInfo): Value;
}

type Attributes = Record<string, unknown>;
type Lowering<Inputs, Attrs> = (
  inputs: Inputs,
  attributes: Attrs,
  context: LoweringContext,
) => Value | readonly Value[];

/** Names of the TensorFlow.js kernels that have a lowering. */
export const LOWERED = new Set<string>();

/**
 * Says how a TensorFlow.js kernel is written in ONNX operators.
 *
 * @typeParam Inputs the kernel's tensors by name, as in tfjs-core's kernel_names.ts
 * @typeParam Attrs  its attributes, as there
 */
export function lower<Inputs = { x: TensorInfo }, Attrs = object>(
  kernelName: string,
  lowering: Lowering<Inputs, Attrs>,
): void {
  LOWERED.add(kernelName);
  tf.registerKernel({
    kernelName,
    backendName: TRACE_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tracer = backend as TracingBackend;
      const context: LoweringContext = {
        graph: tracer.graph,
        options: tracer.options,
        value: (tensor) => tracer.value(tensor),
      };
      const result = lowering(inputs as Inputs, attrs as Attributes as Attrs, context);
      // A kernel that gives one tensor gives it bare.
      return isList(result) ? result.map((value) => tracer.tensor(value)) : tracer.tensor(result);
    },
  });
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}
