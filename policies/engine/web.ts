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

/** A program that was traced, here or elsewhere. */
interface TracedModel {
  readonly model: Uint8Array;
  readonly shape: ProgramShape;
}

/** What a model has in a file beside it. */
interface WeightsFile {
  readonly file: string;
  readonly data: Uint8Array;
}

/**
 * The last that is being opened. The runtime keeps files beside models in one table by their names,
 * whichever session reads them: of several that are opened at once, all would have the weights of one.
 */
let opening: Promise<unknown> = Promise.resolve();

/**
 * Opens a program, on one thread: several take a page that no other may
 * share memory with, which its host would have to promise in headers. One at a time, in the order in which
 * they are asked for.
 *
 * @param weights what the model has in a file beside it, where it has one
 * @throws EngineError where the runtime takes neither
 * @cost 0.3 s a hundred operators
 */
export function openWebProgram(
  runtime: WebRuntime,
  traced: TracedModel,
  weights?: WeightsFile,
): Promise<Program> {
  const opened = opening.then(() => openNow(runtime, traced, weights));
  opening = opened.catch(() => undefined);
  return opened;
}

async function openNow(
  runtime: WebRuntime,
  { model, shape }: TracedModel,
  weights?: WeightsFile,
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
