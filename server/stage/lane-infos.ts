import { attendedTokens } from '../acting/attention-weights.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { isReplayable } from '../protocol/sources.ts';
import type { LaneInfo } from '../protocol/stage.ts';
import type { StagePolicy } from './stage-lane.ts';

const NOTHING_READ = { tokens: [], unknown: [] } as const;

/**
 * What the lanes of an episode are.
 *
 * @param chunkings   what the arm of each does while a plan is made
 * @param instruction what all are told. @default nothing
 * @throws InstructionError for an instruction to a policy that reads none
 */
export function laneInfos(
  policies: readonly StagePolicy[],
  chunkings: readonly (Chunking | undefined)[],
  instruction = '',
): Promise<LaneInfo[]> {
  return Promise.all(
    policies.map(async ({ source, sampler, planner, parameters, guidance }, i) => {
      const chunking = chunkings[i];
      const { policy, nfe } = planner;
      // A policy server takes in what it is told, and does not say how it reads it.
      const silent = policy.abilities.instructions && !isReplayable(source);
      const says = !silent && (policy.abilities.instructions || instruction !== '');
      const { tokens, unknown } = says ? await planner.read(instruction) : NOTHING_READ;
      return {
        policy: policy.name,
        source,
        sampler: sampler?.kind ?? null,
        nfe,
        eta: sampler?.kind === 'ddim' ? sampler.eta : 0,
        parameters,
        predHorizon: policy.predHorizon,
        guidance,
        tokens: attendedTokens(policy, tokens),
        unknown,
        ...(chunking && { chunking }),
      };
    }),
  );
}
