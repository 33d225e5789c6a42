import type { LaneInfo, PolicySource } from '../server/protocol/index.ts';

export type PolicyName = LaneInfo['policy'];

/** The linked views, in their order: a policy each. */
export const LANES = ['l2', 'diffusion', 'flow'] as const satisfies readonly PolicyName[];
export type LaneId = (typeof LANES)[number];

/** One value a lane. */
export type PerLane<T> = Readonly<Record<LaneId, T>>;

/** Lanes whose chunks are drawn by a sampler with a number of steps to choose. */
export const SAMPLED_LANES = ['diffusion', 'flow'] as const satisfies readonly LaneId[];

export function perLane<T>(make: (lane: LaneId) => T): PerLane<T> {
  return { l2: make('l2'), diffusion: make('diffusion'), flow: make('flow') };
}

export function isLane(name: string): name is LaneId {
  return LANES.some((lane) => lane === name);
}

export function sameSource(a: PolicySource, b: PolicySource): boolean {
  if (a.kind === 'run') return b.kind === 'run' && a.id === b.id;
  return b.kind === 'shipped' && a.name === b.name;
}
