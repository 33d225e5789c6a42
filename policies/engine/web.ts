// Types alone: the runtime is a browser's, and whoever has loaded it passes it in.
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  checkInputs,
  EngineError,
  type Program,
  sizeOf,
  type TensorData,
  type TensorSpec,
} from './types.ts';

/** ONNX Runtime as a browser has it: compiled to WebAssembly. */
export interface WebRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (
    type: 'float32' | 'int32',
    data: TensorData,
    dims: readonly number[],
  ) => Tensor;
}

/** What goes into a program and what comes out. */
export interface ProgramShape {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Opens a program, on one thread: several take a page that no other may
 * share memory with, which its host would have to promise in headers.
 *
 * @param weights what the model has in a file beside it, where it has one
 * @throws EngineError where the runtime takes neither
 * @cost 0.3 s a hundred operators
 */
export async function openWebProgram(
  runtime: WebRuntime,
  { model, shape }: { readonly model: Uint8Array; readonly shape: ProgramShape },
  weights?: { readonly file: string; readonly data: Uint8Array },
): Promise<Program> {
  const session = await runtime.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    ...(weights && { externalData: [{ path: weights.file, data: weights.data }] }),
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      `expected a program for this version of ONNX Runtime, got "${reason.slice(0, 300)}"; ` +
        'build the page again',
      { cause },
    );
  });
  return new WebProgram(runtime, session, shape);
}

class WebProgram implements Program {
  readonly #runtime: WebRuntime;
  readonly #session: InferenceSession;
  readonly #inputs: readonly TensorSpec[];
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;

  constructor(runtime: WebRuntime, session: InferenceSession, { inputs, outputs }: ProgramShape) {
    this.#runtime = runtime;
    this.#session = session;
    this.#inputs = inputs;
    this.outputShapes = Object.fromEntries(outputs.map(({ name, shape }) => [name, shape]));
  }

  async run(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    checkInputs(this.#inputs, inputs);
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape, dtype = 'float32' } of this.#inputs) {
      feeds[name] = new this.#runtime.Tensor(dtype, inputs[name], shape);
    }
    const fetched = await this.#session.run(feeds, Object.keys(this.outputShapes));
    const results: Record<string, Float32Array> = {};
    for (const [name, shape] of Object.entries(this.outputShapes)) {
      // Its memory is the runtime's until it is copied.
      results[name] = outputs[name] ?? new Float32Array(sizeOf(shape));
      results[name].set(fetched[name].data as Float32Array);
    }
    return results;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
