import { build } from './build.ts';
import type { Engine } from './types.ts';
import { openWebProgram, type WebRuntime } from './web.ts';

/**
 * The compiled engine in a page: functions are traced there, gradients included, and run by ONNX
 * Runtime's WebAssembly on one thread.
 *
 * @param version of the runtime
 */
export function createWebEngine(runtime: WebRuntime, version: string): Engine {
  return {
    name: `compiled (ONNX Runtime ${version}, WebAssembly)`,
    threads: 1,
    async compile(fn, inputs) {
      const { model, outputShapes } = await build(fn, inputs);
      const outputs = Object.entries(outputShapes).map(([name, shape]) => ({ name, shape }));
      return openWebProgram(runtime, { model, shape: { inputs, outputs } });
    },
  };
}
