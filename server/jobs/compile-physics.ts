import { setFlagsFromString } from 'node:v8';
import { createWorld, loadPhysics } from '../../sim/physics.ts';
import type { Work, WorkKind } from './work.ts';

/** Episodes that a process simulates in less time than it takes to optimize its physics engine. */
const FEW = 6;

/** As many as are asked for. */
const MANY = () => Number.POSITIVE_INFINITY;
/** As many, and somebody waits for the first step. */
const LIVE = () => 'live' as const;

/** How many episodes a kind of work simulates, where it simulates any. */
const EPISODES: { readonly [K in WorkKind]?: (input: Work[K]['input']) => number | 'live' } = {
  generate: ({ request }) => request.episodes,
  demonstrate: ({ part, every = 1 }) => (part.to - part.from) / every,
  rollouts: ({ parts }) => parts.reduce((sum, { cells }) => sum + cells.length, 0),
  shards: MANY,
  stages: LIVE,
  worlds: LIVE,
  'control-loop': () => 1,
  accept: () => 1,
  edit: () => 1,
  'view-episode': () => 1,
};

/** Has the physics engine compiled for what a kind of work simulates, where it simulates any. */
export async function compilePhysicsFor<K extends WorkKind>(
  kind: K,
  input: Work[K]['input'],
): Promise<void> {
  const episodes = EPISODES[kind]?.(input);
  if (episodes !== undefined) await compilePhysics(episodes);
}

/**
 * Says which functions of the physics engine V8 is to optimize in this process, and loads it. Its compiler has
 * made one function of 350 kB of nearly all that a step may ask of a world: it takes a second to optimize, and V8,
 * left alone, does so within a moment, for a step in which a tenth of the time is its own. The functions that it
 * calls take 0.15 s, where they are first called, after which a step takes a quarter less. The bits are the same,
 * as WebAssembly rounds in one way only; a V8 that knows a flag no longer says so on standard error and goes on as
 * it would.
 *
 * @param episodes how many are going to be simulated; 'live' where somebody waits for the first step
 */
export async function compilePhysics(episodes: number | 'live'): Promise<void> {
  // A function is compiled when it is first called, and stays as it was compiled.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  if (episodes !== 'live' && episodes < FEW) return;
  // In a world without anything the large function calls little else.
  const world = createWorld(await loadPhysics());
  world.step();
  world.free();
  if (episodes !== 'live') return setFlagsFromString('--no-liftoff');
  // Others are optimized beside what runs, once they turn out to be hot.
  setFlagsFromString('--wasm-tier-up');
  setFlagsFromString('--wasm-dynamic-tiering');
}
