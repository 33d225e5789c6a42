import { ChunkSchedule } from '../protocol/chunk-schedule.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { StageSettings } from '../protocol/stage.ts';
import type { StagePolicy } from './stage-lane.ts';

/**
 * What the arm of each view does while a plan is made: what is asked for, but that a policy which cannot go
 * on from known actions takes up its next plan wherever that is.
 *
 * @returns undefined for plans that are there at once
 * @throws ProtocolError 'invalid-request' for a delay that the horizons of a policy leave no room for
 */
export function chunkingsOf(
  { chunking }: Pick<StageSettings, 'chunking'>,
  policies: readonly Pick<StagePolicy, 'planner' | 'inpainting'>[],
  actionHorizon: number,
): readonly (Chunking | undefined)[] {
  return policies.map(({ planner, inpainting }) => {
    if (!chunking) return undefined;
    const scheme =
      chunking.scheme === 'real-time' && !inpainting ? 'asynchronous' : chunking.scheme;
    const { predHorizon } = planner.policy;
    new ChunkSchedule({ ...chunking, scheme }, { actionHorizon, predHorizon });
    return { ...chunking, scheme };
  });
}
