import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Accelerator } from '../config/engine.ts';
import { bodyShapes, TailedProgram } from './kernel/tailed-program.ts';
import { build } from './on-demand.ts';
import { ProgramCache, type StoredProgram } from './program-cache.ts';
import { loadRuntime, RUNTIME_NAME, type Runtime } from './runtime.ts';
import { PASSES_BEFORE_LAYOUT } from './runtime-passes.ts';
import {
  type CompileOptions,
  checkInputs,
  type Engine,
  isFewRows,
  type Program,
  type ProgramStore,
  sizeOf,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from './types.ts';

/**
 * From this size on a product is shared by two threads, FLOP: one core takes 1 ms for it, waking a
 * second thread up to 0.05 ms. Two whatever the machine has: sums depend in their last bits on
 * how they are shared out, and a run must not depend on where it is resumed.
 */
const PARALLEL_FLOPS = 1e8;

export interface CompiledEngineOptions {
  /** What runs the operators it can; the CPU runs the others. @default the CPU alone */
  readonly accelerator?: Accelerator;
  /** Threads one operator may use. @default 1, or 2 where the program has large products */
  readonly threads?: number;
  /** Keeps traced programs, so that a second start need not trace them again. */
  readonly programs?: ProgramStore;
}

/**
 * Runs functions as ONNX graphs in ONNX Runtime, which the first `compile` loads: it throws
 * EngineError where that cannot be.
 *
 * `run` blocks the JavaScript thread although it returns a promise: keep it out of processes that
 * serve.
 */
export function createCompiledEngine({
  accelerator,
  threads,
  programs,
}: CompiledEngineOptions = {}): Engine {
  const cache = programs ? new ProgramCache(programs) : null;
  const providers = accelerator ? [accelerator, 'cpu'] : ['cpu'];
  return {
    name: `compiled (${RUNTIME_NAME}, ${accelerator ?? 'cpu'})`,
    threads: threads ?? 1,
    compile: (fn, inputs, options) =>
      compile(fn, inputs, {
        providers,
        cache,
        ...(threads !== undefined && { threads }),
        ...options,
      }),
  };
}

interface CompileSettings extends CompileOptions {
  /** ONNX Runtime's names of what may run operators, first choice first. */
  readonly providers: readonly string[];
  readonly cache: ProgramCache | null;
}

async function compile(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  { providers, cache, ...options }: CompileSettings,
): Promise<Program> {
  const runtime = await loadRuntime();
  const open = async (
    { model, outputShapes, largestProduct, tail }: StoredProgram,
    optimization: Optimization = {},
  ) => {
    const threads = options.threads ?? (largestProduct < PARALLEL_FLOPS ? 1 : 2);
    const settings = sessionOptions(providers, threads, options);
    const session = await runtime.InferenceSession.create(model, { ...settings, ...optimization });
    const profiled = options.profile !== undefined;
    if (!tail) return new CompiledProgram(runtime, session, specs, outputShapes, profiled);
    const read = specs.filter(({ name }) => tail.reads.includes(name));
    const shapes = bodyShapes(tail, outputShapes);
    const body = new CompiledProgram(runtime, session, read, shapes, profiled);
    return new TailedProgram(body, tail, specs, outputShapes);
  };
  const onCpu = providers.every((provider) => provider === 'cpu');
  // What an accelerator holds would have to come back for it.
  const make = () => build(fn, specs, { ...options, tailed: onCpu });
  if (!cache || options.key === undefined) return open(await make());
  const identity = cache.identity(`${RUNTIME_NAME}, ${providers.join()}: ${options.key}`, specs);
  const stored = await cache.read(identity);
  const { level, left } = isFewRows(options) ? KEPT_OF_FEW_ROWS : KEPT;
  if (stored) return open(stored, onCpu ? left : {});
  const built = await make();
  // What an accelerator's provider makes of a graph cannot be written down.
  // Only what runs is kept. As ONNX Runtime has optimised it, it opens in a third of the time and
  // runs to the same bits.
  const [program, model] = onCpu
    ? await cache.lendFile((path) =>
        open(
          built,
          path === null ? {} : { optimizedModelFilePath: path, graphOptimizationLevel: level },
        ),
      )
    : [await open(built), built.model];
  if (!model) return program;
  await cache.write(identity, { ...built, model });
  if (!onCpu || left === NOTHING) return program;
  await program.dispose();
  return open({ ...built, model }, left);
}

type Optimization = Pick<
  InferenceSession.SessionOptions,
  'graphOptimizationLevel' | 'optimizedModelFilePath' | 'extra'
>;

/** How far a program is optimised as it is kept, and what is left to do when it is opened. */
interface Kept {
  readonly level: NonNullable<Optimization['graphOptimizationLevel']>;
  readonly left: Optimization;
}

const NOTHING: Optimization = { graphOptimizationLevel: 'disabled' };
const KEPT: Kept = { level: 'all', left: NOTHING };

/** Waiting threads that spin would take the cores from the server that runs beside training. */
const WAITING = { session: { intra_op: { allow_spinning: '0' } } };

/** Convolutions are laid out for a processor's vectors, and a data directory may move to another. */
const KEPT_OF_FEW_ROWS: Kept = {
  level: 'extended',
  left: {
    graphOptimizationLevel: 'all',
    extra: {
      ...WAITING,
      optimization: { disable_specified_optimizers: PASSES_BEFORE_LAYOUT.join(';') },
    },
  },
};

/**
 * Of many rows only windows over time are convolutions (`trace/tiled-mixing.ts`), of one channel: laid out for
 * a processor's vectors they would take twice as long.
 */
const PLAIN_LAYOUT = { optimization: { disable_specified_optimizers: 'NchwcTransformer' } };

function sessionOptions(
  providers: readonly string[],
  threads: number,
  { profile, ...options }: CompileOptions,
): InferenceSession.SessionOptions {
  return {
    executionProviders: providers,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: { ...WAITING, ...(!isFewRows(options) && PLAIN_LAYOUT) },
    ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
  };
}

class CompiledProgram implements Program {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #specs: readonly TensorSpec[];
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  readonly #profiled: boolean;

  constructor(
    runtime: Runtime,
    session: InferenceSession,
    specs: readonly TensorSpec[],
    outputShapes: Readonly<Record<string, readonly number[]>>,
    profiled: boolean,
  ) {
    this.#runtime = runtime;
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
    for (const { name, shape } of this.#specs) feeds[name] = this.#wrap(inputs[name], shape);
    const fetches: Record<string, Tensor> = {};
    const results: Record<string, Float32Array> = {};
    for (const [name, shape] of Object.entries(this.outputShapes)) {
      results[name] = outputs[name] ?? new Float32Array(sizeOf(shape));
      fetches[name] = this.#wrap(results[name], shape);
    }
    await this.#session.run(feeds, fetches);
    return results;
  }

  async dispose(): Promise<void> {
    if (this.#profiled) this.#session.endProfiling();
    await this.#session.release();
  }

  #wrap(data: TensorData, shape: readonly number[]): Tensor {
    const { Tensor } = this.#runtime;
    return data instanceof Float32Array
      ? new Tensor('float32', data, [...shape])
      : new Tensor('int32', data, [...shape]);
  }
}
