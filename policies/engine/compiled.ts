import type { InferenceSession, Tensor } from 'onnxruntime-node';
import ort from 'onnxruntime-node';
import { encodeOnnx } from './graph/onnx.ts';
import { optimize } from './passes/index.ts';
import { trace } from './trace/trace.ts';
import {
  type CompileOptions,
  checkInputs,
  type Engine,
  type Program,
  sizeOf,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from './types.ts';

export interface CompiledEngineOptions {
  /** Threads one operator may use. @default 1 */
  readonly threads?: number;
}

/**
 * Runs functions as ONNX graphs in ONNX Runtime, on the CPU.
 *
 * `run` blocks the JavaScript thread although it returns a promise: keep it out of processes that
 * serve.
 */
export function createCompiledEngine({ threads = 1 }: CompiledEngineOptions = {}): Engine {
  return {
    name: `compiled (ONNX Runtime ${ort.env.versions.node ?? ''}, cpu)`,
    threads,
    compile: (fn, inputs, options) => compile(fn, inputs, { threads, ...options }),
  };
}

async function compile(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  options: CompileOptions,
): Promise<Program> {
  const graph = optimize(await trace(fn, specs));
  const session = await ort.InferenceSession.create(encodeOnnx(graph), sessionOptions(options));
  const outputShapes = Object.fromEntries(
    graph.outputs.map(({ name, value }) => [name, value.shape]),
  );
  return new CompiledProgram(session, specs, outputShapes, options.profile !== undefined);
}

function sessionOptions({ threads = 1, profile }: CompileOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Waiting threads that spin would take the cores from the server that runs beside training.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
  };
}

class CompiledProgram implements Program {
  readonly #session: InferenceSession;
  readonly #specs: readonly TensorSpec[];
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  readonly #profiled: boolean;

  constructor(
    session: InferenceSession,
    specs: readonly TensorSpec[],
    outputShapes: Readonly<Record<string, readonly number[]>>,
    profiled: boolean,
  ) {
    this.#profiled = profiled;
    this.#session = session;
    this.#specs = specs;
    this.outputShapes = outputShapes;
  }

  async run(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    checkInputs(this.#specs, inputs);
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of this.#specs) feeds[name] = wrap(inputs[name], shape);
    const fetches: Record<string, Tensor> = {};
    const results: Record<string, Float32Array> = {};
    for (const [name, shape] of Object.entries(this.outputShapes)) {
      results[name] = outputs[name] ?? new Float32Array(sizeOf(shape));
      fetches[name] = wrap(results[name], shape);
    }
    await this.#session.run(feeds, fetches);
    return results;
  }

  async dispose(): Promise<void> {
    if (this.#profiled) this.#session.endProfiling();
    await this.#session.release();
  }
}

function wrap(data: TensorData, shape: readonly number[]): Tensor {
  return data instanceof Float32Array
    ? new ort.Tensor('float32', data, [...shape])
    : new ort.Tensor('int32', data, [...shape]);
}
