import type { EngineName } from '../../policies/config/index.ts';
import {
  createCompiledEngine,
  createEagerEngine,
  createEngine,
  type Engine,
  EngineError,
  sizeOf,
  type TensorData,
  type TensorFunction,
  type TensorSpec,
} from '../../policies/engine/index.ts';
import { Random } from '../../policies/random.ts';

type EngineCase = readonly [string, () => Promise<Engine>];

/** Every engine that can run here: those that are always there, and those found on this machine. */
export const ENGINES: readonly EngineCase[] = [
  ['compiled', async () => createCompiledEngine()],
  ['eager cpu', () => createEagerEngine('cpu')],
  ...(await ifHere('tensorflow')),
  ...(await ifHere('wasm')),
  ...(await ifHere('webgpu')),
];

async function ifHere(name: EngineName): Promise<readonly EngineCase[]> {
  try {
    await createEngine(name);
  } catch (error) {
    if (error instanceof EngineError) return [];
    throw error;
  }
  return [[name, () => createEngine(name)]];
}

/** Runs a function once on one engine. */
export async function runOn(
  engine: Engine,
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  inputs: Readonly<Record<string, TensorData>>,
): Promise<Record<string, Float32Array>> {
  const program = await engine.compile(fn, specs);
  try {
    return await program.run(inputs);
  } finally {
    await program.dispose();
  }
}

/** Standard normal inputs for specs, or small whole numbers where a spec is int32. */
export function randomInputs(
  specs: readonly TensorSpec[],
  seed: number,
): Record<string, TensorData> {
  const random = Random.of(seed);
  return Object.fromEntries(
    specs.map(({ name, shape, dtype }) => {
      const size = sizeOf(shape);
      if (dtype === 'int32')
        return [name, Int32Array.from({ length: size }, () => random.below(3))];
      return [name, random.fillNormal(new Float32Array(size))];
    }),
  );
}

/** Largest difference, relative where the numbers are large; infinite where one is no number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] === expected[i]) continue;
    const error = Math.abs(actual[i] - expected[i]) / (1 + Math.abs(expected[i]));
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, error);
  }
  return worst;
}
