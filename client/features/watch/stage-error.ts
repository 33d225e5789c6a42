import type { Lane, StageProblem } from '../../../server/protocol/index.ts';
import { type LaneId, type PerLane, sameChoice } from '../../shared/lanes/lanes.ts';

/**
 * The lane a problem of the stage is about. Where the server blames no single one, it is the only
 * one that has not been on the stage before: the others got on without it.
 *
 * @param asked the lanes that were asked for, in their order
 * @param shown of each lane, the choice that last made it to the stage
 * @returns null for a problem that concerns the whole stage
 */
export function laneToBlame(
  { code, lane }: StageProblem,
  asked: readonly LaneId[],
  wanted: PerLane<Lane | null>,
  shown: PerLane<Lane | null>,
): LaneId | null {
  if (lane !== null) return asked[lane] ?? null;
  if (code !== 'invalid-request') return null;
  const fresh = asked.filter((each) => !sameChoice(wanted[each], shown[each]));
  return fresh.length === 1 ? fresh[0] : null;
}
