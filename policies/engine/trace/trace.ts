import './convolution.ts';
import './elementwise.ts';
import './matmul.ts';
import './reduction.ts';
import './shape.ts';
import tf from '@tensorflow/tfjs';
import { onBackend } from '../backend-lock.ts';
import type { Graph } from '../graph/graph.ts';
import { EngineError, type TensorFunction, type TensorSpec } from '../types.ts';
import { type TraceOptions, TracingBackend } from './backend.ts';
import { TRACE_BACKEND } from './lowering.ts';

const tracer = new TracingBackend();
// Priority 0: never chosen as a default, only by name.
tf.registerBackend(TRACE_BACKEND, () => tracer, 0);

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
  return onBackend(TRACE_BACKEND, () => {
    tracer.reset(options);
    const inputs = specs.map(({ name, shape, dtype = 'float32' }) => ({
      name,
      value: tracer.graph.input(name, dtype, shape),
    }));
    tf.engine().startScope();
    try {
      const tensors = inputs.map(({ name, value }) => [name, tracer.wrap(value)] as const);
      const results = explainMissing(fn, () => fn(Object.fromEntries(tensors)));
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

/** TensorFlow.js says which kernel a backend lacks; add what is traced and where to add it. */
function explainMissing<T>(fn: TensorFunction, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const kernel = error instanceof Error && /Kernel '(\w+)' not registered/.exec(error.message);
    if (!kernel) throw error;
    throw new EngineError(
      `tracing ${fn.name || 'a function'}: the operator ${kernel[1]} has no lowering; ` +
        'add one in policies/engine/trace/',
      { cause: error },
    );
  }
}
