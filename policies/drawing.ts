import { chooseSampler, nfeOf } from './config/choose-sampler.ts';
import { SpecError } from './config/error.ts';
import type { SamplerChoice, SamplerSpec } from './config/sampler.ts';
import type { PolicyDescription } from './policy.ts';

type Drawn = Pick<PolicyDescription, 'name' | 'objective' | 'evaluations'>;

/**
 * The sampler someone asked of a policy, with defaults filled in.
 *
 * @returns null for a policy that draws in a way of its own, to which a number of network
 *          evaluations that others beside it are asked for says nothing
 * @throws SpecError where the policy has no such sampler
 */
export function chooseDrawing(
  { name, objective }: Drawn,
  choice: SamplerChoice = {},
): SamplerSpec | null {
  if (objective) return chooseSampler(objective, choice);
  for (const key of ['sampler', 'eta'] as const) {
    if (choice[key] === undefined) continue;
    throw new SpecError(
      `${key}: ${name} draws in a way of its own and has no such choice, got ${choice[key]}; leave it out`,
    );
  }
  return null;
}

/**
 * Network evaluations a chunk takes.
 *
 * @param guidance @default 1
 * @returns null where it is not known: the policy draws in a way of its own, and does not say
 */
export function evaluationsOf(
  { objective, evaluations }: Drawn,
  sampler: SamplerSpec | null,
  guidance?: number,
): number | null {
  if (!objective) return evaluations ?? null;
  return sampler && nfeOf(sampler, objective, guidance);
}
