import { join } from 'node:path';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import type { EngineName } from '../policies/config/index.ts';
import { createEngine, type Engine } from '../policies/engine/index.ts';
import { openProgramStore } from '../server/storage/program-store.ts';

/** TensorFlow.js in this process: its promises let no signal handler run before it is done. */
const UNINTERRUPTIBLE: readonly EngineName[] = ['tensorflow', 'wasm', 'cpu'];

/**
 * An engine for work in this process: signals are handled before each call of a program, as they
 * are with ONNX Runtime anyway.
 *
 * @param data directory beside whose datasets and runs it keeps what it has traced, where there is one
 * @throws EngineError
 */
export async function openEngine(name: EngineName, data?: string): Promise<Engine> {
  const kept =
    data === undefined ? {} : { programs: await openProgramStore(join(data, 'programs')) };
  const engine = await createEngine(name, kept);
  if (!UNINTERRUPTIBLE.includes(name)) return engine;
  return {
    ...engine,
    async compile(fn, inputs, options) {
      const program = await engine.compile(fn, inputs, options);
      return {
        outputShapes: program.outputShapes,
        dispose: () => program.dispose(),
        async run(given, outputs) {
          await yieldToSignals();
          return program.run(given, outputs);
        },
      };
    },
  };
}
