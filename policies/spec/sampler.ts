import { z } from 'zod';
import type { ObjectiveSpec } from './policy.ts';

const stepsSchema = z.int().min(1).max(1000);
const etaSchema = z.number().min(0).max(1);

/** How a chunk is drawn from a trained policy; chosen at run time. */
export const samplerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('direct') }),
  z.strictObject({
    kind: z.literal('ddim'),
    steps: stepsSchema,
    /** 0: deterministic given the noise it starts from, 1: DDPM's variance. */
    eta: etaSchema.default(0),
  }),
  z.strictObject({ kind: z.literal('ddpm') }),
  /** DPM-Solver++(2M). */
  z.strictObject({ kind: z.literal('dpm-solver++'), steps: stepsSchema }),
  z.strictObject({ kind: z.literal('euler'), steps: stepsSchema }),
  /** Two network evaluations a step, one in the last. */
  z.strictObject({ kind: z.literal('heun'), steps: z.int().min(1).max(500) }),
  /** Euler's method in a single step. */
  z.strictObject({ kind: z.literal('one-step') }),
]);

export type SamplerSpec = z.infer<typeof samplerSchema>;
export type SamplerKind = SamplerSpec['kind'];

/** Samplers that fit an objective, the default first. */
export const SAMPLERS: Readonly<Record<ObjectiveSpec['kind'], readonly SamplerKind[]>> = {
  regression: ['direct'],
  diffusion: ['ddim', 'ddpm', 'dpm-solver++'],
  flow: ['euler', 'heun', 'one-step'],
};

/** Network evaluations a chunk where none are asked for. */
const DEFAULT_NFE = 10;
/** Most network evaluations of a sampler that the objective does not bound. */
const MAX_NFE = 1000;

/** A sampler request as people write it: all of it may be left out. */
export const samplerChoiceSchema = z.strictObject({
  /** By name. */
  sampler: z.string().max(32).optional(),
  /** Network evaluations a chunk. */
  nfe: z.int().min(1).max(MAX_NFE).optional(),
  /** Of DDIM, and of nothing else. */
  eta: etaSchema.optional(),
});

export type SamplerChoice = z.infer<typeof samplerChoiceSchema>;

export class SpecError extends Error {
  override readonly name = 'SpecError';
}

/**
 * The sampler someone asked for, with defaults filled in.
 *
 * @throws SpecError, naming the valid alternatives, where it does not fit the objective
 */
export function chooseSampler(objective: ObjectiveSpec, choice: SamplerChoice = {}): SamplerSpec {
  const kind = chooseKind(objective, choice);
  const { nfe, eta } = choice;
  if (eta !== undefined && kind !== 'ddim') {
    throw new SpecError(
      `eta: only ddim, a sampler of diffusion policies, takes it; ${kind} has no such choice`,
    );
  }
  switch (kind) {
    case 'direct':
      return { kind };
    case 'euler':
      return { kind, steps: checkNfe(nfe ?? DEFAULT_NFE, MAX_NFE) };
    case 'heun':
      return { kind, steps: checkPairs(nfe ?? DEFAULT_NFE - 1) };
    case 'one-step':
      return checkOne(nfe);
    case 'ddim':
      return {
        kind,
        steps: checkNfe(nfe ?? DEFAULT_NFE, diffusionSteps(objective)),
        eta: eta ?? 0,
      };
    case 'dpm-solver++':
      return { kind, steps: checkNfe(nfe ?? DEFAULT_NFE, diffusionSteps(objective)) };
    case 'ddpm':
      return checkAll(nfe, diffusionSteps(objective));
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
  const valid = SAMPLERS[objective.kind];
  if (sampler === undefined) {
    // What reflow is for.
    const reflowed = objective.kind === 'flow' && objective.coupling === 'reflow';
    return reflowed && nfe === undefined ? 'one-step' : valid[0];
  }
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

function checkNfe(nfe: number, most: number): number {
  if (Number.isInteger(nfe) && nfe >= 1 && nfe <= most) return nfe;
  throw new SpecError(`nfe: expected a whole number from 1 to ${most}, got ${nfe}`);
}

/** @returns steps of two evaluations each, but one in the last */
function checkPairs(nfe: number): number {
  if (checkNfe(nfe, MAX_NFE) % 2 === 1) return (nfe + 1) / 2;
  throw new SpecError(
    'nfe: heun asks the network twice a step and once in the last, so expected an odd number, ' +
      `got ${nfe}; use ${nfe - 1}, or euler`,
  );
}

function checkOne(nfe: number | undefined): SamplerSpec {
  if (nfe === undefined || nfe === 1) return { kind: 'one-step' };
  throw new SpecError(`nfe: one-step takes 1, got ${nfe}; use euler or heun for more`);
}

function checkAll(nfe: number | undefined, steps: number): SamplerSpec {
  if (nfe === undefined || nfe === steps) return { kind: 'ddpm' };
  throw new SpecError(
    `nfe: DDPM takes all ${steps} diffusion steps, got ${nfe}; use ddim or dpm-solver++ to skip`,
  );
}
