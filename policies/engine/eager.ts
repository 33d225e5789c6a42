import tf from '#tensorflow';
import type { EngineName } from '../config/engine.ts';
import { onBackend } from './backend-lock.ts';
import {
  checkInputs,
  type Engine,
  EngineError,
  type Program,
  type TensorData,
  type TensorFunction,
  type TensorMap,
  type TensorSpec,
} from './types.ts';

/** TensorFlow.js backends functions can run on as they are. */
export type EagerBackend = Extract<EngineName, 'tensorflow' | 'wasm' | 'cpu'>;

/**
 * Runs functions operator by operator on a TensorFlow.js backend: `tensorflow` or `wasm` where
 * their packages are installed, or `cpu`, which is always there and slow.
 *
 * @throws EngineError when the backend is not available
 */
export async function createEagerEngine(backend: EagerBackend): Promise<Engine> {
  if (backend !== 'cpu') await load(backend);
  // Its advice to install a native package is what `doctor` gives, with the version that fits.
  tf.enableProdMode();
  return {
    name: `eager (TensorFlow.js ${tf.version_core}, ${backend})`,
    threads: 1,
    compile: async (fn, inputs) => {
      const outputShapes = await onBackend(backend, () => shapesOf(fn, inputs));
      return new EagerProgram(backend, fn, inputs, outputShapes);
    },
  };
}

/** Packages that register a backend with the TensorFlow.js this project uses. */
const PACKAGES = {
  tensorflow: {
    module: '@tensorflow/tfjs-node-gpu',
    version: () => '',
    about: 'it needs CUDA',
  },
  wasm: {
    module: '@tensorflow/tfjs-backend-wasm',
    version: () => `@${tf.version_core}`,
    about: 'it cannot train',
  },
} as const;

async function load(backend: keyof typeof PACKAGES): Promise<void> {
  const { module, version, about } = PACKAGES[backend];
  try {
    await import(module);
  } catch (cause) {
    throw new EngineError(
      `engine "${backend}": expected the package ${module}, which cannot be loaded here; ` +
        `install it with "npm install ${module}${version()}" (${about}), or use the default engine`,
      { cause },
    );
  }
}

/** The numbers do not matter: shapes in TensorFlow.js do not depend on them. */
function shapesOf(fn: TensorFunction, specs: readonly TensorSpec[]) {
  tf.engine().startScope();
  try {
    const inputs: TensorMap = {};
    for (const { name, shape, dtype = 'float32' } of specs) {
      inputs[name] = tf.zeros([...shape], dtype);
    }
    return Object.fromEntries(Object.entries(fn(inputs)).map(([name, { shape }]) => [name, shape]));
  } finally {
    tf.engine().endScope();
  }
}

class EagerProgram implements Program {
  readonly #backend: EagerBackend;
  readonly #fn: TensorFunction;
  readonly #specs: readonly TensorSpec[];
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;

  constructor(
    backend: EagerBackend,
    fn: TensorFunction,
    specs: readonly TensorSpec[],
    outputShapes: Readonly<Record<string, readonly number[]>>,
  ) {
    this.#backend = backend;
    this.#fn = fn;
    this.#specs = specs;
    this.outputShapes = outputShapes;
  }

  run(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    checkInputs(this.#specs, inputs);
    return onBackend(this.#backend, async () => {
      tf.engine().startScope();
      try {
        const tensors: TensorMap = {};
        for (const { name, shape, dtype = 'float32' } of this.#specs) {
          tensors[name] = tf.tensor(inputs[name], [...shape], dtype);
        }
        const results: Record<string, Float32Array> = {};
        for (const [name, tensor] of Object.entries(this.#fn(tensors))) {
          const data = Float32Array.from(await tensor.data());
          outputs[name]?.set(data);
          results[name] = outputs[name] ?? data;
        }
        return results;
      } finally {
        tf.engine().endScope();
      }
    });
  }

  async dispose(): Promise<void> {
    // A function holds nothing between runs.
  }
}
