import { METHODS, samplersFor } from '../methods/index.ts';
import { type NfeRange, type Sampler, samplerOf } from '../samplers/index.ts';
import { SpecError } from './error.ts';
import type { ObjectiveSpec } from './objective.ts';
import type { SamplerChoice, SamplerKind, SamplerSpec } from './sampler.ts';

export type { NfeRange } from '../samplers/index.ts';

/** Samplers that fit an objective, as its methods have them. */
export const SAMPLERS = samplersByObjective();

function samplersByObjective(): Readonly<Record<ObjectiveSpec['kind'], readonly SamplerKind[]>> {
  const kindsOf = (objective: ObjectiveSpec['kind']) => {
    const methods = METHODS.filter((method) => method.objective.kind === objective);
    return [...new Set(methods.flatMap(({ samplers }) => samplers))];
  };
  const entries = METHODS.map(({ objective: { kind } }) => [kind, kindsOf(kind)]);
  return Object.fromEntries(entries) as Record<ObjectiveSpec['kind'], SamplerKind[]>;
}

/** Whether what learns such an objective has one answer, which is the chunk: nothing is drawn. */
export function answersOnce({ kind }: Pick<ObjectiveSpec, 'kind'>): boolean {
  return SAMPLERS[kind].every((sampler) => samplerOf(sampler).answersOnce);
}

/** @returns what `chooseSampler` takes as `nfe` for a sampler that fits the objective */
export function nfeRange(objective: ObjectiveSpec, kind: SamplerKind): NfeRange {
  return samplerOf(kind).nfe(objective);
}

/** The sampler of a policy of which none was asked for by name. */
export function usualSampler(objective: ObjectiveSpec, nfe?: number): SamplerKind {
  const samplers = samplersFor(objective);
  // One of a single evaluation is not what someone means who says how many.
  const choosable = samplers.find((kind) => {
    const { least, most } = nfeRange(objective, kind);
    return least < most;
  });
  return nfe === undefined || !choosable ? samplers[0] : choosable;
}

/**
 * The sampler someone asked for, with defaults filled in.
 *
 * @throws SpecError, naming the valid alternatives, where it does not fit the objective
 */
export function chooseSampler(objective: ObjectiveSpec, choice: SamplerChoice = {}): SamplerSpec {
  const sampler = samplerOf(chooseKind(objective, choice));
  const { eta } = choice;
  if (eta !== undefined && !sampler.takesEta) {
    throw new SpecError(
      `eta: only ddim, a sampler of diffusion policies, takes it; ${sampler.kind} has no such choice`,
    );
  }
  const asked = sampler.answersOnce ? undefined : choice.nfe;
  return sampler.spec(checkNfe(objective, sampler, asked), eta ?? 0);
}

/**
 * Network evaluations one chunk takes.
 *
 * @param guidance scale of classifier-free guidance: but at 0 and 1 each evaluation is two, in one
 *                 call. @default 1
 */
export function nfeOf(sampler: SamplerSpec, objective: ObjectiveSpec, guidance = 1): number {
  const answers = guidance === 0 || guidance === 1 ? 1 : 2;
  return answers * samplerOf(sampler.kind).nfeOf(objective, sampler);
}

function chooseKind(objective: ObjectiveSpec, { sampler, nfe }: SamplerChoice): SamplerKind {
  if (sampler === undefined) return usualSampler(objective, nfe);
  const valid = SAMPLERS[objective.kind];
  const kind = valid.find((each) => each === sampler);
  if (kind) return kind;
  throw new SpecError(
    `sampler: a ${objective.kind} policy takes ${listed(valid)}, got "${sampler}"`,
  );
}

function listed(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}

/** @throws SpecError for a number that the sampler cannot do, saying which it can */
function checkNfe(objective: ObjectiveSpec, sampler: Sampler, asked: number | undefined): number {
  const { least, most, step, usual } = sampler.nfe(objective);
  const nfe = asked ?? usual;
  if (least === most) {
    if (nfe === most) return nfe;
    throw new SpecError(`nfe: ${sampler.only(most)}, got ${nfe}; use ${sampler.others}`);
  }
  if (!(Number.isInteger(nfe) && nfe >= least && nfe <= most)) {
    throw new SpecError(`nfe: expected a whole number from ${least} to ${most}, got ${nfe}`);
  }
  if ((nfe - least) % step === 0) return nfe;
  throw new SpecError(
    `nfe: ${sampler.why}, got ${nfe}; use ${nfe - ((nfe - least) % step)}, or ${sampler.others}`,
  );
}
