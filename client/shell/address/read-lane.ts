import type { Lane } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { splitLaneEntry } from '../../../server/protocol/lane-entry.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { findMethod, MAX_NFE, SAMPLERS } from '../../../server/protocol/policies.ts';
import { methodOf, nameOfSource, sourceNamed } from '../../../server/protocol/sources.ts';
import { choiceOf, drawingOf, noised } from '../../shared/lanes/drawing.ts';
import type { Expected } from './expected.ts';

const SAMPLER_NAMES: readonly string[] = Object.values(SAMPLERS).flat();

/** What an entry for a view asks for; null where nothing of it can be. */
interface ReadChoice {
  readonly choice: Lane | null;
  /** What it should have said; null where it is right. */
  readonly expected: Expected | null;
}

/**
 * A policy is drawn as usual where the entry's way does not fit it; what fits those that do not ship is
 * known to the server.
 *
 * @param text as `compare --policies` takes it; '' says nothing
 */
export function readChoice(text: string): ReadChoice {
  if (text === '') return { choice: null, expected: null };
  const entry = splitLaneEntry(text);
  const policy = entry && sourceNamed(entry.name);
  if (!policy) return { choice: null, expected: { kind: 'policy' } };
  const { sampler, nfe } = entry;
  const expected = { kind: 'sampler', policy: nameOfSource(policy) } as const;
  const method = methodOf(policy);
  if (method === null) {
    if (sampler === undefined) return { choice: { policy }, expected: null };
    if (!SAMPLER_NAMES.includes(sampler)) return { choice: { policy }, expected };
    if (nfe === undefined) return { choice: { policy, sampler }, expected: null };
    const sound = nfe >= 1 && nfe <= MAX_NFE;
    return sound
      ? { choice: { policy, sampler, nfe }, expected: null }
      : { choice: { policy, sampler }, expected };
  }
  const objective = findMethod(method).objective;
  const drawing = sampler === undefined ? null : drawingOf(objective, { policy, ...entry });
  if (!drawing) return { choice: { policy }, expected: sampler === undefined ? null : expected };
  const choice = choiceOf(policy, objective, drawing.sampler, drawing.nfe);
  return { choice, expected: nfe === undefined || nfe === drawing.nfe ? null : expected };
}

/**
 * The same choice at an η.
 *
 * @returns null for what is no η, or where a policy that ships is drawn by a sampler that has none
 */
export function readEta(choice: Lane, text: string): Lane | null {
  const eta = /^[01](\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(eta <= 1)) return null;
  // Fresh noise is drawn only where it is asked for.
  if (eta === 0) return noised(choice, eta);
  const { policy, sampler } = choice;
  const method = methodOf(policy);
  const fits =
    method === null
      ? sampler === undefined || sampler === 'ddim'
      : drawingOf(findMethod(method).objective, choice)?.eta != null;
  return fits ? noised(choice, eta) : null;
}

/** Undefined for what is no scale of guidance. */
export function readScale(text: string): number | undefined {
  const scale = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return scale <= LIMITS.guidance ? scale : undefined;
}
