import { z } from 'zod';
import type { ObjectiveSpec } from './policy.ts';

/** How a chunk is drawn from a trained policy; chosen at run time. */
export const samplerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('direct') }),
  z.strictObject({
    kind: z.literal('ddim'),
    steps: z.int().min(1).max(1000),
    /** 0: deterministic given the noise it starts from, 1: DDPM's variance. */
    eta: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({ kind: z.literal('ddpm') }),
  z.strictObject({ kind: z.literal('euler'), steps: z.int().min(1).max(1000) }),
]);

export type SamplerSpec = z.infer<typeof samplerSchema>;
export type SamplerKind = SamplerSpec['kind'];

/** Samplers that fit an objective, the default first. */
export const SAMPLERS: Readonly<Record<ObjectiveSpec['kind'], readonly SamplerKind[]>> = {
  regression: ['direct'],
  diffusion: ['ddim', 'ddpm'],
  flow: ['euler'],
};

/** Network evaluations a chunk where none are asked for. */
const DEFAULT_STEPS = 10;

/** A sampler request as people write it: by name and number of network evaluations. */
export interface SamplerChoice {
  readonly sampler?: string | undefined;
  readonly nfe?: number | undefined;
}

export class SpecError extends Error {
  override readonly name = 'SpecError';
}

/**
 * The sampler someone asked for, with defaults filled in.
 *
 * @throws SpecError, naming the valid alternatives, where it does not fit the objective
 */
export function chooseSampler(objective: ObjectiveSpec, choice: SamplerChoice = {}): SamplerSpec {
  const valid = SAMPLERS[objective.kind];
  const kind = valid.find((each) => each === (choice.sampler ?? valid[0]));
  if (!kind) {
    throw new SpecError(
      `sampler: a ${objective.kind} policy takes ${valid.join(' or ')}, got "${choice.sampler}"`,
    );
  }
  const steps = choice.nfe ?? DEFAULT_STEPS;
  switch (kind) {
    case 'direct':
      return { kind };
    case 'euler':
      return { kind, steps: checkSteps(steps, 1000) };
    case 'ddim':
      return { kind, steps: checkSteps(steps, diffusionSteps(objective)), eta: 0 };
    case 'ddpm':
      return checkAllSteps(choice.nfe, diffusionSteps(objective));
  }
}

/** Network evaluations one chunk takes. */
export function nfeOf(sampler: SamplerSpec, objective: ObjectiveSpec): number {
  switch (sampler.kind) {
    case 'direct':
      return 1;
    case 'ddpm':
      return diffusionSteps(objective);
    default:
      return sampler.steps;
  }
}

function diffusionSteps(objective: ObjectiveSpec): number {
  return objective.kind === 'diffusion' ? objective.steps : 0;
}

function checkSteps(steps: number, most: number): number {
  if (Number.isInteger(steps) && steps >= 1 && steps <= most) return steps;
  throw new SpecError(`nfe: expected a whole number from 1 to ${most}, got ${steps}`);
}

function checkAllSteps(nfe: number | undefined, steps: number): SamplerSpec {
  if (nfe === undefined || nfe === steps) return { kind: 'ddpm' };
  throw new SpecError(`nfe: DDPM takes all ${steps} diffusion steps, got ${nfe}; use ddim to skip`);
}
