import type { InitialState } from '../../../sim/index.ts';
import type { Place } from '../../shared/tasks/placing.ts';

/** A start with its objects where a person put them, m. */
export function withPlaces(initial: InitialState, places: readonly Place[] | null): InitialState {
  if (!places) return initial;
  const objects = initial.objects.map(([x, y, z], i): readonly [number, number, number] => {
    const [atX, atY] = places[i] ?? [x, y];
    return [Math.fround(atX), Math.fround(atY), z];
  });
  return { ...initial, objects };
}
