/**
 * What runs the networks: `compiled` traces them into ONNX Runtime, `tensorflow` runs them in
 * `@tensorflow/tfjs-node-gpu` where that is installed, `cpu` in plain TensorFlow.js, slowly.
 */
export const ENGINE_NAMES = ['compiled', 'tensorflow', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
