import type { Lane } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { sameSource } from '../../../server/protocol/sources.ts';
import { FIRST_POLICIES } from '../../../server/protocol/stage-defaults.ts';

/** The linked views by their places from the left, which are also the keys that show one alone. */
export const LANES = ['1', '2', '3'] as const;
export type LaneId = (typeof LANES)[number];

/** One value a lane. */
export type PerLane<T> = Readonly<Record<LaneId, T>>;

export function perLane<T>(make: (lane: LaneId) => T): PerLane<T> {
  return { '1': make('1'), '2': make('2'), '3': make('3') };
}

/** Who acts on a first visit: in the task that ships with policies for each lane. */
export const FIRST_CHOICES: PerLane<Lane> = perLane((lane) => ({
  policy: { kind: 'shipped', name: FIRST_POLICIES[LANES.indexOf(lane)] },
}));

export function isLane(name: string): name is LaneId {
  return LANES.some((lane) => lane === name);
}

/** Whether the same policy is drawn in the same words; a default may be said or left out. */
export function sameChoice(a: Lane | null, b: Lane | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    sameSource(a.policy, b.policy) &&
    a.sampler === b.sampler &&
    a.nfe === b.nfe &&
    a.eta === b.eta &&
    a.guidance === b.guidance
  );
}
