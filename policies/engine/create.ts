import type { EngineName } from '../spec/engine.ts';
import { createCompiledEngine } from './compiled.ts';
import { createEagerEngine } from './eager.ts';
import type { Engine } from './types.ts';

/** @throws EngineError where the engine's package is not installed, saying how to install it */
export async function createEngine(name: EngineName): Promise<Engine> {
  return name === 'compiled' ? createCompiledEngine() : createEagerEngine(name);
}
