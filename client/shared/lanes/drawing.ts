// Not from the index: it would bring the schemas and their library, which the page has no use for.
import type { Lane, ShippedPolicy } from '../../../server/protocol/index.ts';
import {
  chooseSampler,
  type NfeRange,
  nfeOf,
  nfeRange,
  type ObjectiveSpec,
  type SamplerKind,
  SpecError,
  usualSampler,
} from '../../../server/protocol/policies.ts';

/** How a lane's chunks are drawn, defaults filled in. */
export interface Drawing {
  readonly sampler: SamplerKind;
  /** Network evaluations a chunk. */
  readonly nfe: number;
  /** What may stand in their place. */
  readonly range: NfeRange;
  /** Of DDIM, 0 … 1; null for a sampler that has no such choice. */
  readonly eta: number | null;
}

/** @returns null for a choice that does not fit the objective */
export function drawingOf(objective: ObjectiveSpec, { sampler, nfe, eta }: Lane): Drawing | null {
  try {
    const spec = chooseSampler(objective, {
      ...(sampler !== undefined && { sampler }),
      ...(nfe !== undefined && { nfe }),
      ...(eta !== undefined && { eta }),
    });
    const range = nfeRange(objective, spec.kind);
    return {
      sampler: spec.kind,
      nfe: nfeOf(spec, objective),
      range,
      eta: spec.kind === 'ddim' ? spec.eta : null,
    };
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}

/**
 * A policy drawn in some way, in the fewest words: what would be so anyway is left out.
 *
 * @param nfe @default the sampler's own
 */
export function choiceOf(
  policy: Lane['policy'],
  objective: ObjectiveSpec,
  sampler: SamplerKind,
  nfe?: number,
): Lane {
  const { least, most, usual } = nfeRange(objective, sampler);
  if (nfe !== undefined && nfe !== usual && least < most) return { policy, sampler, nfe };
  return sampler === usualSampler(objective) ? { policy } : { policy, sampler };
}

/** Scales of guidance to offer: ignored, followed, and ever more exaggerated. */
export const GUIDANCE_SCALES = [0, 1, 2, 4, 7.5] as const;

/** Whether how much it regards its instruction can be chosen: it has learnt to act without, too. */
export function canBeGuided({ condition }: Pick<ShippedPolicy['spec'], 'condition'>): boolean {
  return condition !== undefined && condition.text.dropRate > 0;
}

/** The same choice at a scale of guidance; what would be so anyway is left out. */
export function guided(choice: Lane, scale: number | undefined): Lane {
  const { guidance: _, ...rest } = choice;
  return scale === undefined || scale === 1 ? rest : { ...rest, guidance: scale };
}

/** The same choice at an η of DDIM; none, which would be so anyway, is left out. */
export function noised(choice: Lane, eta: number | undefined): Lane {
  const { eta: _, ...rest } = choice;
  return eta === undefined || eta === 0 ? rest : { ...rest, eta };
}

/**
 * The same policy, as much guided, drawn in another way: as `choiceOf`. As much fresh noise is drawn
 * where the sampler has that choice.
 */
export function redrawn(
  { policy, guidance, eta }: Lane,
  objective: ObjectiveSpec,
  sampler: SamplerKind,
  nfe?: number,
): Lane {
  const choice = guided(choiceOf(policy, objective, sampler, nfe), guidance);
  return sampler === 'ddim' ? noised(choice, eta) : choice;
}

const ETAS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/** η of DDIM to offer, in order; among them the one in use. */
export function etaChoices(eta: number): readonly number[] {
  return [...new Set([...ETAS, eta])].sort((a, b) => a - b);
}

/** Each about half as many again as the one before. */
const WORTH_TRYING = [1, 2, 3, 4, 6, 8, 10, 16, 25, 50, 100];

/** Numbers of network evaluations to offer, in order; among them the default and the one in use. */
export function nfeChoices({ nfe, range }: Drawing): readonly number[] {
  const { least, most, step, usual } = range;
  const possible = WORTH_TRYING.filter((each) => each >= least && each <= most).map(
    (each) => each - ((each - least) % step),
  );
  return [...new Set([...possible, usual, nfe])].sort((a, b) => a - b);
}
