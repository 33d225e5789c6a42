import type { Tensor } from '@tensorflow/tfjs';

/** Shape, type and name of a program's input. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** @default 'float32' */
  readonly dtype?: 'float32' | 'int32';
}

export type TensorData = Float32Array | Int32Array;
export type TensorMap = Record<string, Tensor>;

/**
 * A function in the TensorFlow.js API from named tensors to named tensors. Pure: no random ops,
 * no reads of tensor values; noise and times come in as inputs.
 */
export type TensorFunction = (inputs: TensorMap) => TensorMap;

/** A function made ready to run many times on one engine. */
export interface Program {
  /**
   * @param inputs  one array an input, row-major, of exactly the size of its spec
   * @param outputs arrays that results are written to, by name; results without one are allocated
   * @returns       one array an output, row-major
   * @throws        EngineError when an input is missing or has another size
   */
  run(
    inputs: Readonly<Record<string, TensorData>>,
    outputs?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
  /**
   * Arrays in which `run` takes and gives long vectors without a copy, by inputs' and outputs' names: any
   * of them serves for any other. Whoever asks first has them; there are none where any array does as well.
   */
  lend?(): Readonly<Record<string, Float32Array>>;
  /** Shapes of the outputs by name. */
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** Threads one operator may use. @default the engine's own, or as the program's size asks for */
  readonly threads?: number;
  /**
   * Rows that the function computes at once, of one that is never differentiated: few are written with other
   * operators than many, and then differ in their last bits. @default unknown, as of many
   */
  readonly rows?: number;
  /**
   * Beginning of a file's path: ONNX Runtime writes there what each operator took once the program
   * is disposed of. Costs about 2 µs an operator. Engines without a profiler ignore it.
   */
  readonly profile?: string;
  /**
   * Describes the function and all it closes over: two functions with one key must be the same.
   * With it the traced program is kept in the engine's store, if there is one.
   */
  readonly key?: string;
}

/** From here on products are large enough to fill the time, and are made fewer (`trace/fast-convolution.ts`). */
const MANY_ROWS = 16;

/** Whether a function is written with the operators that few rows are fastest with (`trace/few-rows.ts`). */
export function isFewRows({ rows = MANY_ROWS }: Pick<CompileOptions, 'rows'>): boolean {
  return rows < MANY_ROWS;
}

/** Where traced programs are kept between runs. Given from outside: policies touch no files. */
export interface ProgramStore {
  /** Of the program's own code: what another version has traced is never used. */
  readonly version: string;
  /** @returns what was last written under a name, possibly damaged, or null */
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * For a library that writes to files alone.
   *
   * @param use given the path of a file to make, or null where none can be made; it is called again
   *            with null where it failed with a path, as it does on a full disk
   * @returns   its result, and what it wrote, which is no longer a file; null where it could not
   */
  lendFile<T>(use: (path: string | null) => Promise<T>): Promise<[T, Uint8Array | null]>;
}

/** One way to run tensor functions. Every engine runs the same functions. */
export interface Engine {
  /** As results and the page name it, e.g. `compiled (ONNX Runtime 1.30.0, cpu)`. */
  readonly name: string;
  /** Threads of programs of small products; large ones may use more. */
  readonly threads: number;
  compile(
    fn: TensorFunction,
    inputs: readonly TensorSpec[],
    options?: CompileOptions,
  ): Promise<Program>;
}

export class EngineError extends Error {
  override readonly name = 'EngineError';
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** @throws EngineError unless there is one array of the right size and type for each spec */
export function checkInputs(
  specs: readonly TensorSpec[],
  inputs: Readonly<Record<string, TensorData>>,
): void {
  for (const { name, shape, dtype = 'float32' } of specs) {
    const data = inputs[name];
    const wanted = dtype === 'float32' ? Float32Array : Int32Array;
    if (!(data instanceof wanted) || data.length !== sizeOf(shape)) {
      const got = data ? `${data.constructor.name}(${data.length})` : 'nothing';
      throw new EngineError(
        `input "${name}": expected ${wanted.name}(${sizeOf(shape)}) of shape ` +
          `[${shape.join(', ')}], got ${got}`,
      );
    }
  }
}
