import { NAME_PATTERN } from '../../policies/config/names.ts';
import { SHIPPED_NAMES } from '../../policies/config/shipped.ts';
import type { Lane, PolicySource } from './stage.ts';

/** The parts of an entry; a sampler and its number of network evaluations may be left out. */
interface LaneEntry {
  readonly name: string;
  readonly sampler?: string;
  readonly nfe?: number;
}

const ENTRY = /^([^:]*)(?::([^:]+))?(?::(\d{1,4}))?$/;
const NAME = new RegExp(`^${NAME_PATTERN}$`);

/**
 * A policy and how its chunks are drawn, as people write it on the command line and as addresses
 * carry it: NAME, NAME:SAMPLER or NAME:SAMPLER:NFE.
 *
 * @returns null for what is written otherwise
 */
export function splitLaneEntry(text: string): LaneEntry | null {
  const match = ENTRY.exec(text.trim());
  if (!match) return null;
  const [, name, sampler, nfe] = match;
  return {
    name,
    ...(sampler !== undefined && { sampler }),
    ...(nfe !== undefined && { nfe: Number(nfe) }),
  };
}

/**
 * A policy by the name it ships under, else a run by its id.
 *
 * @returns null for what is neither
 */
export function sourceNamed(name: string): PolicySource | null {
  const shipped = SHIPPED_NAMES.find((each) => each === name);
  if (shipped) return { kind: 'shipped', name: shipped };
  return NAME.test(name) ? { kind: 'run', id: name } : null;
}

/** The name it ships under, or the run's id: what `sourceNamed` reads. */
export function nameOfSource(source: PolicySource): string {
  return source.kind === 'shipped' ? source.name : source.id;
}

/** A source as messages name it: a checkpoint that ships in quotes, a run by its id. */
export function sourceName(source: PolicySource): string {
  return source.kind === 'shipped' ? `"${source.name}"` : `run ${source.id}`;
}

/** What `splitLaneEntry` and `sourceNamed` read; a number of evaluations only with its sampler. */
export function formatLaneEntry({ policy, sampler, nfe }: Lane): string {
  const name = nameOfSource(policy);
  if (sampler === undefined) return name;
  return nfe === undefined ? `${name}:${sampler}` : `${name}:${sampler}:${nfe}`;
}
