import type { Cast } from '../../shared/lanes/cast.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { hasTwin, shortNameOf } from '../../shared/lanes/role-text.ts';

/** Who acts in a view in a word, with the view's number where another one would be called the same. */
export function viewName(lane: LaneId, cast: Cast): string {
  const name = shortNameOf(cast.of(lane));
  return hasTwin(lane, cast) ? `${lane} · ${name}` : name;
}
