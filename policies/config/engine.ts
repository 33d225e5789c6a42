/** Hardware that ONNX Runtime can run compiled programs on, besides the CPU. */
export const ACCELERATORS = ['cuda', 'webgpu', 'coreml', 'dml'] as const;
export type Accelerator = (typeof ACCELERATORS)[number];

/**
 * What runs the networks: `compiled` traces them into ONNX Runtime on the CPU, the accelerators do
 * so on a GPU; `tensorflow` and `wasm` run them in TensorFlow.js where `@tensorflow/tfjs-node-gpu`
 * or `@tensorflow/tfjs-backend-wasm` is installed, `cpu` in plain JavaScript, slowly.
 */
export const ENGINE_NAMES = ['compiled', ...ACCELERATORS, 'tensorflow', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
