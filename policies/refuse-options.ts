import { SpecError } from './config/error.ts';
import type { PlannerOptions } from './policy.ts';

/**
 * For a policy that draws in a way of its own.
 *
 * @param who it is, for people
 * @throws SpecError for what only policies that were trained here can be asked for
 */
export function refuseOptions(options: PlannerOptions, who: string): void {
  const { sampler, guidance = 1, inpainting, attention, states } = options;
  const wanted = Object.entries({
    sampler,
    guidance: guidance !== 1,
    inpainting,
    attention,
    states,
  });
  for (const [name, asked] of wanted) {
    if (!asked) continue;
    throw new SpecError(
      `${name}: expected a policy of this program, got ${who}, which cannot be asked for it; leave it out`,
    );
  }
}
