import type { EngineName } from '../spec/engine.ts';
import { type CompiledEngineOptions, createCompiledEngine } from './compiled.ts';
import { createEagerEngine } from './eager.ts';
import type { Engine } from './types.ts';

/**
 * @param options of the compiled engine; the others have none
 * @throws EngineError where the engine's package is not installed, saying how to install it
 */
export async function createEngine(
  name: EngineName,
  options?: CompiledEngineOptions,
): Promise<Engine> {
  return name === 'compiled' ? createCompiledEngine(options) : createEagerEngine(name);
}
