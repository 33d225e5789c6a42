import { checkInputs, type Program, sizeOf, type TensorData, type TensorSpec } from '../types.ts';
import { BODY_VECTOR, SCALARS, type VectorTail } from './tail.ts';
import { VectorKernel } from './vector-kernel.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Outputs of a program's body. */
export function bodyShapes(
  { size, scalars, vectors, outputs }: VectorTail,
  outputShapes: Shapes,
): Shapes {
  const ends = new Set(outputs.map(({ name }) => name));
  return Object.fromEntries([
    ...Object.entries(outputShapes).filter(([name]) => !ends.has(name)),
    ...vectors.filter(isOfBody).map((name) => [name, [size]] as const),
    ...(scalars > 0 ? [[SCALARS, [scalars]] as const] : []),
  ]);
}

const isOfBody = (name: string) => name.startsWith(BODY_VECTOR);

/** A program of which the end is a kernel. */
export class TailedProgram implements Program {
  readonly outputShapes: Shapes;
  readonly #body: Program;
  readonly #kernel: VectorKernel;
  readonly #specs: readonly TensorSpec[];
  /** Where the body writes what the kernel reads. */
  #vectors: Readonly<Record<string, Float32Array>>;

  #last: Promise<unknown> = Promise.resolve();

  constructor(body: Program, tail: VectorTail, specs: readonly TensorSpec[], outputShapes: Shapes) {
    this.#body = body;
    this.#specs = specs;
    this.outputShapes = outputShapes;
    this.#kernel = new VectorKernel(tail);
    const made = tail.vectors.filter(isOfBody);
    this.#vectors = Object.fromEntries(made.map((name) => [name, new Float32Array(tail.size)]));
  }

  lend(): Record<string, Float32Array> {
    const arrays = Object.entries(this.#kernel.lend() ?? {});
    const own = arrays.filter(([name]) => isOfBody(name));
    if (own.length > 0) this.#vectors = Object.fromEntries(own);
    return Object.fromEntries(arrays.filter(([name]) => !isOfBody(name)));
  }

  /** One after the other, since all share what lies between body and kernel. */
  run(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    const run = this.#last.then(() => this.#runNow(inputs, outputs));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #runNow(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>> {
    checkInputs(this.#specs, inputs);
    const results: Record<string, Float32Array> = {};
    for (const [name, shape] of Object.entries(this.outputShapes)) {
      results[name] = outputs[name] ?? new Float32Array(sizeOf(shape));
    }
    const vectors = this.#vectors;
    await this.#body.run(inputs, { ...results, ...vectors, [SCALARS]: this.#kernel.scalars });
    this.#kernel.run({ ...inputs, ...vectors }, results);
    return results;
  }

  dispose(): Promise<void> {
    return this.#body.dispose();
  }
}
