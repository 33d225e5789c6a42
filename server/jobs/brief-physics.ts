import { setFlagsFromString } from 'node:v8';

/** Episodes that a process simulates in less time than it takes to optimize its physics engine. */
const FEW = 40;

/**
 * V8 optimizes WebAssembly that has run for a moment. That of the physics engine takes 1.6 s of CPU, after
 * which a step takes a fifth less: what simulates for a few seconds never gets them back. To be called
 * before the engine is loaded; the bits are the same, as WebAssembly rounds in one way only.
 *
 * @param episodes that are simulated here; those of somebody who watches may be any number
 */
export function optimizePhysicsFor(episodes: number): void {
  // V8 says so on standard error where it knows a flag no longer, and goes on as it would.
  if (episodes < FEW) setFlagsFromString('--liftoff-only');
  // About as late as it can be told to.
  else setFlagsFromString('--wasm-tiering-budget=2000000000');
}
