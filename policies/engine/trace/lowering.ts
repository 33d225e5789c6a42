import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import type { Laid, TensorInfo, TraceOptions, TracingBackend } from './backend.ts';

/** Names under which the tracing backends are registered with TensorFlow.js. */
export const TRACE_BACKEND = 'trace';
/** Of programs of few rows that take no gradient (`lowerForFew`). */
export const FEW_ROWS_BACKEND = 'trace, few rows';

/** What a lowering works with besides the kernel's inputs and attributes. */
export interface LoweringContext {
  readonly graph: GraphBuilder;
  readonly options: TraceOptions;
  /** Graph value of a tensor, its axes in the tensor's own order. */
  value(tensor: TensorInfo): Value;
  /** The same, its axes as they lie. */
  laid(tensor: TensorInfo): Laid;
}

type Attributes = Record<string, unknown>;
type Results = Value | Laid | readonly (Value | Laid)[];
type Lowering<Inputs, Attrs, Result> = (
  inputs: Inputs,
  attributes: Attrs,
  context: LoweringContext,
) => Result;
type AnyLowering<Result> = Lowering<Record<string, TensorInfo>, Attributes, Result>;

/** Lowerings by the name of the TensorFlow.js kernel. */
const LOWERINGS = new Map<string, AnyLowering<Results>>();
const FOR_FEW_ROWS = new Map<string, AnyLowering<Results | null>>();

/** Names of the TensorFlow.js kernels that have a lowering. */
export const LOWERED: Iterable<string> = { [Symbol.iterator]: () => LOWERINGS.keys() };

/**
 * Says how a TensorFlow.js kernel is written in ONNX operators.
 *
 * @typeParam Inputs the kernel's tensors by name, as in tfjs-core's kernel_names.ts
 * @typeParam Attrs  its attributes, as there
 */
export function lower<Inputs = { x: TensorInfo }, Attrs = object>(
  kernelName: string,
  lowering: Lowering<Inputs, Attrs, Value | readonly Value[]>,
): void {
  const known = lowering as AnyLowering<Results>;
  LOWERINGS.set(kernelName, known);
  register(kernelName, TRACE_BACKEND, known);
  // Asked when it is traced: which lowerings for few rows there are does not depend on the order of imports.
  register(kernelName, FEW_ROWS_BACKEND, (...args) => {
    return FOR_FEW_ROWS.get(kernelName)?.(...args) ?? known(...args);
  });
}

/**
 * Says how a kernel is written where rows are few and no gradient is taken: time then goes to the number of
 * operators, and operators that do more at once are faster. Such a lowering may leave a tensor's axes in
 * another order than the tensor's own; null leaves the kernel to its lowering for all programs.
 */
export function lowerForFew<Inputs = { x: TensorInfo }, Attrs = object>(
  kernelName: string,
  lowering: Lowering<Inputs, Attrs, Results | null>,
): void {
  FOR_FEW_ROWS.set(kernelName, lowering as AnyLowering<Results | null>);
}

/**
 * Says the same of a kernel that TensorFlow.js does not know and other backends lack (`asOneKernel`).
 */
export function lowerWhole<Inputs, Attrs>(
  kernelName: string,
  lowering: Lowering<Inputs, Attrs, Results>,
): void {
  register(kernelName, FEW_ROWS_BACKEND, lowering as AnyLowering<Results>);
}

function register(kernelName: string, backendName: string, lowering: AnyLowering<Results>): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tracer = backend as TracingBackend;
      const context: LoweringContext = {
        graph: tracer.graph,
        options: tracer.options,
        value: (tensor) => tracer.value(tensor),
        laid: (tensor) => tracer.laid(tensor),
      };
      const result = lowering(
        inputs as Record<string, TensorInfo>,
        attrs as unknown as Attributes,
        context,
      );
      // A kernel that gives one tensor gives it bare.
      return isList(result) ? result.map((value) => tracer.tensor(value)) : tracer.tensor(result);
    },
  });
}

function isList(result: Results): result is readonly (Value | Laid)[] {
  return Array.isArray(result);
}
