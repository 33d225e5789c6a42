import './convolution.ts';
import './elementwise.ts';
import './few-rows.ts';
import './matmul.ts';
import './order.ts';
import './reduction.ts';
import './shape.ts';
import tf from '#tensorflow';
import { onBackend } from '../backend-lock.ts';
import type { Graph } from '../graph/graph.ts';
import { EngineError, type TensorFunction, type TensorSpec } from '../types.ts';
import { type TraceOptions, TracingBackend } from './backend.ts';
import { FEW_ROWS_BACKEND, TRACE_BACKEND } from './lowering.ts';

const tracer = new TracingBackend();
// Priority 0: never chosen as a default, only by name.
for (const name of [TRACE_BACKEND, FEW_ROWS_BACKEND]) tf.registerBackend(name, () => tracer, 0);

/**
 * Writes a function down as a graph by running it once on tensors that hold no numbers.
 *
 * @throws EngineError where the function reads numbers, uses a tensor from outside, or a kernel
 *         without a lowering
 * @cost about 0.2 s for a training step of a U-Net
 */
export function trace(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  options: TraceOptions = {},
): Promise<Graph> {
  return onBackend(options.fewRows ? FEW_ROWS_BACKEND : TRACE_BACKEND, () => {
    tracer.reset(options);
    const inputs = specs.map(({ name, shape, dtype = 'float32' }) => ({
      name,
      value: tracer.graph.input(name, dtype, shape),
    }));
    tf.engine().startScope();
    try {
      const tensors = inputs.map(({ name, value }) => [name, tracer.wrap(value)] as const);
      const results = explain(fn, () => fn(Object.fromEntries(tensors)));
      const outputs = Object.entries(results).map(([name, tensor]) => ({
        name,
        value: tracer.value(tensor),
      }));
      return tracer.graph.finish(outputs);
    } finally {
      tf.engine().endScope();
    }
  });
}

/** Says of an error which function was traced, and of a missing operator where to add it. */
function explain<T>(fn: TensorFunction, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const what = `tracing ${fn.name || 'a function'}`;
    if (error instanceof EngineError) {
      throw new EngineError(`${what}: ${error.message}`, { cause: error });
    }
    const kernel = error instanceof Error && /Kernel '(\w+)' not registered/.exec(error.message);
    if (!kernel) throw error;
    throw new EngineError(
      `${what}: the operator ${kernel[1]} has no lowering; add one to the file of its kind in ` +
        'policies/engine/trace/ (elementwise.ts, reduction.ts, shape.ts, matmul.ts)',
      { cause: error },
    );
  }
}
