import type { ErrorReport, PolicySource } from '../../server/protocol/index.ts';
import { LANES, type LaneId, type PerLane } from '../lanes.ts';

/**
 * The lane an error of the stage is about: the one whose checkpoint or run its message names.
 *
 * @returns null for an error that concerns the whole stage
 */
export function laneInError(
  { message }: ErrorReport,
  sources: PerLane<PolicySource>,
): LaneId | null {
  const named = LANES.filter((lane) => {
    const source = sources[lane];
    if (source.kind === 'run') return message.includes(source.id);
    return message.includes(`"${source.name}"`) || message.includes(`/${source.name}/`);
  });
  return named.length === 1 ? named[0] : null;
}
