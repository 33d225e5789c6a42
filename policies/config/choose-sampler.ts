import { SpecError } from './error.ts';
import { MAX_NFE } from './nfe.ts';
import type { ObjectiveSpec } from './policy.ts';
import type { SamplerChoice, SamplerKind, SamplerSpec } from './sampler.ts';

/** Samplers that fit an objective, the default first. */
export const SAMPLERS: Readonly<Record<ObjectiveSpec['kind'], readonly SamplerKind[]>> = {
  regression: ['direct'],
  diffusion: ['ddim', 'ddpm', 'dpm-solver++'],
  flow: ['euler', 'heun', 'one-step'],
};

/** Network evaluations a chunk where none are asked for, and it is for the sampler to say. */
const USUAL_NFE = 10;

/** Numbers of network evaluations a chunk that a sampler can do: every `step`-th from the least. */
export interface NfeRange {
  readonly least: number;
  /** The same as the least where there is no choice. */
  readonly most: number;
  readonly step: number;
  /** Where none are asked for. */
  readonly usual: number;
}

/** @returns what `chooseSampler` takes as `nfe` for a sampler that fits the objective */
export function nfeRange(objective: ObjectiveSpec, kind: SamplerKind): NfeRange {
  const only = (nfe: number) => ({ least: nfe, most: nfe, step: 1, usual: nfe });
  const any = (most: number) => ({ least: 1, most, step: 1, usual: Math.min(USUAL_NFE, most) });
  switch (kind) {
    case 'direct':
    case 'one-step':
      return only(1);
    case 'ddpm':
      return only(diffusionSteps(objective));
    case 'ddim':
    case 'dpm-solver++':
      return any(diffusionSteps(objective));
    case 'euler':
      return any(MAX_NFE);
    case 'heun':
      // Two a step, one in the last.
      return { least: 1, most: MAX_NFE - 1, step: 2, usual: USUAL_NFE - 1 };
  }
}

/** The sampler of a policy of which none was asked for by name. */
export function usualSampler(objective: ObjectiveSpec, nfe?: number): SamplerKind {
  // What reflow is for.
  const reflowed = objective.kind === 'flow' && objective.coupling === 'reflow';
  return reflowed && nfe === undefined ? 'one-step' : SAMPLERS[objective.kind][0];
}

/**
 * The sampler someone asked for, with defaults filled in.
 *
 * @throws SpecError, naming the valid alternatives, where it does not fit the objective
 */
export function chooseSampler(objective: ObjectiveSpec, choice: SamplerChoice = {}): SamplerSpec {
  const kind = chooseKind(objective, choice);
  const { eta } = choice;
  if (eta !== undefined && kind !== 'ddim') {
    throw new SpecError(
      `eta: only ddim, a sampler of diffusion policies, takes it; ${kind} has no such choice`,
    );
  }
  // One answer takes one evaluation, whatever is asked of the policies beside it.
  if (kind === 'direct') return { kind };
  const nfe = checkNfe(objective, kind, choice.nfe);
  switch (kind) {
    case 'one-step':
    case 'ddpm':
      return { kind };
    case 'ddim':
      return { kind, steps: nfe, eta: eta ?? 0 };
    case 'dpm-solver++':
    case 'euler':
      return { kind, steps: nfe };
    case 'heun':
      return { kind, steps: (nfe + 1) / 2 };
  }
}

/**
 * Network evaluations one chunk takes.
 *
 * @param guidance scale of classifier-free guidance: but at 0 and 1 each evaluation is two, in one
 *                 call. @default 1
 */
export function nfeOf(sampler: SamplerSpec, objective: ObjectiveSpec, guidance = 1): number {
  const answers = guidance === 0 || guidance === 1 ? 1 : 2;
  return answers * stepsOf(sampler, objective);
}

function stepsOf(sampler: SamplerSpec, objective: ObjectiveSpec): number {
  switch (sampler.kind) {
    case 'direct':
    case 'one-step':
      return 1;
    case 'ddpm':
      return diffusionSteps(objective);
    case 'heun':
      return 2 * sampler.steps - 1;
    case 'ddim':
    case 'dpm-solver++':
    case 'euler':
      return sampler.steps;
  }
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

function diffusionSteps(objective: ObjectiveSpec): number {
  return objective.kind === 'diffusion' ? objective.steps : 0;
}

/** @throws SpecError for a number that the sampler cannot do, saying which it can */
function checkNfe(objective: ObjectiveSpec, kind: SamplerKind, asked: number | undefined): number {
  const { least, most, step, usual } = nfeRange(objective, kind);
  const nfe = asked ?? usual;
  if (least === most) {
    if (nfe === most) return nfe;
    throw new SpecError(
      kind === 'ddpm'
        ? `nfe: DDPM takes all ${most} diffusion steps, got ${nfe}; use ddim or dpm-solver++ to skip`
        : `nfe: ${kind} takes ${most}, got ${nfe}; use euler or heun for more`,
    );
  }
  if (!(Number.isInteger(nfe) && nfe >= least && nfe <= most)) {
    throw new SpecError(`nfe: expected a whole number from ${least} to ${most}, got ${nfe}`);
  }
  if ((nfe - least) % step === 0) return nfe;
  throw new SpecError(
    'nfe: heun asks the network twice a step and once in the last, so expected an odd number, ' +
      `got ${nfe}; use ${nfe - 1}, or euler`,
  );
}
