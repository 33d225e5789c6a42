import type { OfferedSet, PolicySource, Run } from '../../../server/protocol/index.ts';
import { distanceOutside, type Hull, objectsOutside } from '../../../sim/tasks/start-region.ts';
import { type Place, placesOf } from '../../shared/tasks/placing.ts';

/**
 * Where the objects lay in the demonstrations that a policy learnt from.
 *
 * @returns a region for each object; none where that is not known
 */
export function regionsOf(
  source: PolicySource | undefined,
  sets: readonly OfferedSet[],
  runs: readonly Run[],
): readonly Hull[] {
  if (source?.kind === 'shipped') {
    return sets.find(({ policies }) => policies.includes(source.name))?.starts ?? [];
  }
  if (source?.kind !== 'run') return [];
  return runs.find(({ id }) => id === source.id)?.dataset.starts ?? [];
}

/** An object that lies where no demonstration began. */
export interface Outside {
  /** Its place in the task's order. */
  readonly object: number;
  /** How far outside, whole centimetres, at least 1. */
  readonly centimetres: number;
}

/** What of a start lies outside of what a policy has seen. */
export function outsideOf(
  hulls: readonly Hull[],
  objects: readonly ArrayLike<number>[],
): readonly Outside[] {
  const places: readonly Place[] = placesOf(objects);
  return objectsOutside(hulls, places).map((object) => ({
    object,
    centimetres: Math.max(1, Math.round(100 * distanceOutside(hulls[object], places[object]))),
  }));
}
