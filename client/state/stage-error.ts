import type { ErrorReport, PolicySource } from '../../server/protocol/index.ts';
import { LANES, type LaneId, type PerLane, sameSource } from '../lanes.ts';

/**
 * The lane an error of the stage is about: the one whose checkpoint or run its message names. Of
 * several, it is the one that has not been on the stage before: the others got on without it.
 *
 * @param shown of each lane, the source that last made it to the stage
 * @returns null for an error that concerns the whole stage
 */
export function laneInError(
  { message }: ErrorReport,
  sources: PerLane<PolicySource>,
  shown: PerLane<PolicySource>,
): LaneId | null {
  const named = LANES.filter((lane) => {
    const source = sources[lane];
    if (source.kind === 'run') return message.includes(source.id);
    return message.includes(`"${source.name}"`) || message.includes(`/${source.name}/`);
  });
  if (named.length === 1) return named[0];
  const fresh = named.filter((lane) => !sameSource(sources[lane], shown[lane]));
  return fresh.length === 1 ? fresh[0] : null;
}
