import { setFlagsFromString } from 'node:v8';
import type { Work, WorkKind } from './work.ts';

/** Episodes that a process simulates in less time than it takes to optimize its physics engine. */
const FEW = 40;

/** How many episodes the work simulates that may be brief; all other does so for as long as somebody asks. */
const EPISODES: { readonly [K in WorkKind]?: (input: Work[K]['input']) => number } = {
  generate: ({ request }) => request.episodes,
  demonstrate: ({ part }) => part.to - part.from,
  rollouts: ({ parts }) => parts.reduce((sum, { cells }) => sum + cells.length, 0),
  'control-loop': () => 1,
  accept: () => 1,
  edit: () => 1,
  'view-episode': () => 1,
};

/**
 * V8 optimizes WebAssembly that has run for a moment. That of the physics engine takes 1.6 s of CPU, after
 * which a step takes a fifth less: what simulates for a few seconds never gets them back. To be called
 * before the engine is loaded. The bits are the same, as WebAssembly rounds in one way only; a V8 that
 * knows a flag no longer says so on standard error and goes on as it would.
 */
export function optimizePhysicsFor<K extends WorkKind>(kind: K, input: Work[K]['input']): void {
  const episodes = EPISODES[kind]?.(input) ?? Number.POSITIVE_INFINITY;
  // The second is about as late as V8 can be told to begin.
  setFlagsFromString(episodes < FEW ? '--liftoff-only' : '--wasm-tiering-budget=2000000000');
}
