import { etaOf } from '../../policies/config/index.ts';
import { formatPerturbation } from '../../sim/index.ts';
import type { ContenderTitle } from '../protocol/experiments.ts';
import { runOf } from '../protocol/sources.ts';
import type { Contender } from './plan.ts';

/** A contender as results name it. */
export function contenderTitle(contender: Contender): ContenderTitle {
  const { name, source, sampler, nfe, guidance, actionHorizon, chunking, perturbation } = contender;
  return {
    ...{ name, nfe, actionHorizon, chunking },
    run: runOf(source),
    sampler: sampler?.kind ?? null,
    ...etaOf(sampler),
    ...(guidance !== null && { guidance }),
    perturbation: perturbation ? formatPerturbation(perturbation) : null,
  };
}
