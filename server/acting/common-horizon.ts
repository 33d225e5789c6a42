import { defaultActionHorizon } from '../../policies/config/presets.ts';
import type { PolicyDescription } from '../../policies/policy.ts';
import { ProtocolError } from '../protocol/errors.ts';

/** What decides whether policies can act side by side. */
type Horizons = Pick<PolicyDescription, 'task' | 'controlHz' | 'predHorizon'>;

/**
 * One Ta for all policies that act side by side, or a comparison would not be one.
 *
 * @param wanted @default 1 s, at most the shortest plan
 * @param names  of the policies, in the order of their specs, for what is said of them
 * @throws ProtocolError 'invalid-request' for policies of different tasks or control rates, or a
 *         horizon beyond a plan
 */
export function commonHorizon(
  specs: readonly Horizons[],
  wanted: number | undefined,
  names: readonly string[] = specs.map((_, i) => `policy ${i + 1}`),
): number {
  const namesOf = (belongs: (spec: Horizons) => boolean) =>
    names.filter((_, i) => belongs(specs[i])).join(', ');
  for (const key of ['task', 'controlHz'] as const) {
    const values = [...new Set(specs.map((spec) => spec[key]))];
    if (values.length > 1) {
      const groups = values.map((value) => `${value} (${namesOf((spec) => spec[key] === value)})`);
      throw new ProtocolError(
        'invalid-request',
        `expected policies of one ${key}, got ${groups.join(' and ')}; leave out the others`,
      );
    }
  }
  const longest = Math.min(...specs.map(({ predHorizon }) => predHorizon));
  const horizon = wanted ?? Math.min(...specs.map(defaultActionHorizon));
  if (horizon >= 1 && horizon <= longest) return horizon;
  const shortest = namesOf(({ predHorizon }) => predHorizon === longest);
  const differ = specs.some(({ predHorizon }) => predHorizon > longest);
  throw new ProtocolError(
    'invalid-request',
    `action horizon: expected 1 to ${longest} (the shortest plan), got ${horizon}` +
      (differ ? `; shorten it, or leave out ${shortest}` : ''),
  );
}
