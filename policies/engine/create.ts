import type { EngineName } from '../config/engine.ts';
import { createAcceleratedEngine } from './accelerated.ts';
import { type CompiledEngineOptions, createCompiledEngine } from './compiled.ts';
import { createEagerEngine } from './eager.ts';
import { loadRuntime } from './runtime.ts';
import type { Engine } from './types.ts';

/**
 * @param options of the compiled engine and of accelerators; the others have none
 * @throws EngineError where the engine's package or hardware is not there, saying what it takes
 */
export async function createEngine(
  name: EngineName,
  options: CompiledEngineOptions = {},
): Promise<Engine> {
  if (name === 'compiled') {
    // Before a run or an evaluation is begun with it.
    await loadRuntime();
    return createCompiledEngine(options);
  }
  if (name === 'tensorflow' || name === 'wasm' || name === 'cpu') return createEagerEngine(name);
  return createAcceleratedEngine(name, options);
}
