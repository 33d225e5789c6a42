import tf from '#tensorflow';
import type { Accelerator } from '../config/engine.ts';
import { type CompiledEngineOptions, createCompiledEngine } from './compiled.ts';
import { loadRuntime } from './runtime.ts';
import { type Engine, EngineError } from './types.ts';

/** What each takes besides this program. */
const NEEDS: Readonly<Record<Accelerator, string>> = {
  cuda:
    'an NVIDIA GPU with CUDA 12 and cuDNN 9 on Linux x64, and libraries that ' +
    '"node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12" fetches',
  webgpu: 'a GPU with a driver for Vulkan, Metal or Direct3D 12',
  coreml: 'macOS on Apple silicon',
  dml: 'Windows with a GPU for DirectX 12',
};

/**
 * The compiled engine on a GPU or other accelerator of ONNX Runtime. Programs differ from those on
 * the CPU in their last bits, and small ones are slower: a plan of one row spends its time on the
 * way there and back.
 *
 * @throws EngineError where ONNX Runtime cannot be loaded, lacks it or finds no device
 */
export async function createAcceleratedEngine(
  accelerator: Accelerator,
  options: Omit<CompiledEngineOptions, 'accelerator'> = {},
): Promise<Engine> {
  // ONNX Runtime leaves out providers it does not know without an error.
  const known = (await loadRuntime()).listSupportedBackends().map(({ name }) => name);
  if (!known.includes(accelerator)) {
    throw new EngineError(
      `engine "${accelerator}": ONNX Runtime for ${process.platform} ${process.arch} has ` +
        `${known.join(', ')}; ${accelerator} takes ${NEEDS[accelerator]}; or use the default engine`,
    );
  }
  const engine = createCompiledEngine({ ...options, accelerator });
  try {
    const probe = await engine.compile(
      ({ x }) => ({ y: tf.square(x) }),
      [{ name: 'x', shape: [1] }],
    );
    await probe.dispose();
  } catch (cause) {
    // Its messages begin with the place in ONNX Runtime's sources and end with what happened.
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = message.trim().split('\n')[0].split(' was false. ').at(-1);
    throw new EngineError(
      `engine "${accelerator}": expected ${NEEDS[accelerator]}; got "${reason}"; or use the ` +
        'default engine',
      { cause },
    );
  }
  return engine;
}
