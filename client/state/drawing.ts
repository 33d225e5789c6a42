// Not from the index: it would bring the schemas and their library, which the page has no use for.
import type { Lane, ShippedPolicy } from '../../server/protocol/index.ts';
import {
  chooseSampler,
  type NfeRange,
  nfeOf,
  nfeRange,
  type ObjectiveSpec,
  type SamplerKind,
  SpecError,
  usualSampler,
} from '../../server/protocol/policies.ts';

/** How a lane's chunks are drawn, defaults filled in. */
export interface Drawing {
  readonly sampler: SamplerKind;
  /** Network evaluations a chunk. */
  readonly nfe: number;
  /** What may stand in their place. */
  readonly range: NfeRange;
}

/** @returns null for a choice that does not fit the objective */
export function drawingOf(objective: ObjectiveSpec, { sampler, nfe }: Lane): Drawing | null {
  try {
    const spec = chooseSampler(objective, {
      ...(sampler !== undefined && { sampler }),
      ...(nfe !== undefined && { nfe }),
    });
    const range = nfeRange(objective, spec.kind);
    return { sampler: spec.kind, nfe: nfeOf(spec, objective), range };
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
export function canBeGuided({ condition }: ShippedPolicy['spec']): boolean {
  return condition !== undefined && condition.text.dropRate > 0;
}

/** The same choice at a scale of guidance; what would be so anyway is left out. */
export function guided(choice: Lane, scale: number | undefined): Lane {
  const { guidance: _, ...rest } = choice;
  return scale === undefined || scale === 1 ? rest : { ...rest, guidance: scale };
}

/** The same policy, as much guided, drawn in another way: as `choiceOf`. */
export function redrawn(
  { policy, guidance }: Lane,
  objective: ObjectiveSpec,
  sampler: SamplerKind,
  nfe?: number,
): Lane {
  return guided(choiceOf(policy, objective, sampler, nfe), guidance);
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
