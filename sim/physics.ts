import RAPIER from '@dimforge/rapier3d-compat';

/** The Rapier module, its WebAssembly loaded. */
export type Rapier = typeof RAPIER;

/**
 * What an episode's replay depends on besides its commands. Another package or version of the
 * physics engine gives other bits, so this is stored with every recorded episode.
 */
export const PHYSICS = { package: '@dimforge/rapier3d-compat', version: '0.21.0' } as const;

/** Physics rate, Hz. Both control rates, 20 and 50 Hz, divide it. */
export const PHYSICS_HZ = 100;
/** Length of a substep, s. */
export const SUBSTEP = 1 / PHYSICS_HZ;

let loading: Promise<void> | undefined;

/** Loads the physics engine; call it once before any episode, again at no cost. */
export async function loadPhysics(): Promise<Rapier> {
  loading ??= RAPIER.init();
  try {
    await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
  return RAPIER;
}

/** Collision groups, one bit each. */
export const GROUP = { arm: 1, finger: 2, object: 4, table: 8, post: 16 } as const;

/** Rapier's packed form: what a collider is, and what it touches. */
export function collisionGroups(membership: number, filter: number): number {
  return ((membership << 16) | filter) >>> 0;
}

/** An empty world with the solver settings under which a friction grasp holds. */
export function createWorld(rapier: Rapier): RAPIER.World {
  const world = new rapier.World({ x: 0, y: 0, z: -9.81 });
  world.timestep = SUBSTEP;
  world.numSolverIterations = 4;
  world.numInternalPgsIterations = 8;
  world.integrationParameters.contact_natural_frequency = 120;
  // With the default of 0.02 a contact normal is frozen where contact is first *predicted*,
  // centimetres before the fingers touch, and round objects roll out of the grasp.
  world.integrationParameters.normalizedPredictionDistance = 0.002;
  return world;
}
