import { z } from 'zod';
import { MAX_NFE } from './nfe.ts';

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
  /** Fresh noise at every step. */
  z.strictObject({ kind: z.literal('renoise'), steps: stepsSchema }),
  /** Euler's method in a single step. */
  z.strictObject({ kind: z.literal('one-step') }),
]);

export type SamplerSpec = z.infer<typeof samplerSchema>;
export type SamplerKind = SamplerSpec['kind'];

/** η where a sampler adds noise by it, as results and links tell; nothing of others. */
export function etaOf(sampler: SamplerSpec | null): { readonly eta?: number } {
  return sampler?.kind === 'ddim' && sampler.eta > 0 ? { eta: sampler.eta } : {};
}

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
