import { nameOfSource } from './sources.ts';
import type { Lane } from './stage.ts';

/** The parts of an entry; a sampler and its number of network evaluations may be left out. */
interface LaneEntry {
  readonly name: string;
  readonly sampler?: string;
  readonly nfe?: number;
}

const ENTRY = /^([^:]*)(?::([^:]+))?(?::(\d{1,4}))?$/;
/** A name that is an address or a path: what follows its colons belongs to it. */
const ADDRESS = /^(?:[a-z]+:\/\/|lerobot:|onnx:)/;

/**
 * A policy and how its chunks are drawn, as people write it on the command line and as addresses
 * carry it: NAME, NAME:SAMPLER or NAME:SAMPLER:NFE.
 *
 * An address, and the path of a checkpoint, is the name alone.
 *
 * @returns null for what is written otherwise
 */
export function splitLaneEntry(text: string): LaneEntry | null {
  const entry = text.trim();
  if (ADDRESS.test(entry)) return { name: entry };
  const match = ENTRY.exec(entry);
  if (!match) return null;
  const [, name, sampler, nfe] = match;
  return {
    name,
    ...(sampler !== undefined && { sampler }),
    ...(nfe !== undefined && { nfe: Number(nfe) }),
  };
}

/** What `splitLaneEntry` and `sourceNamed` read; a number of evaluations only with its sampler. */
export function formatLaneEntry({ policy, sampler, nfe }: Lane): string {
  const name = nameOfSource(policy);
  if (sampler === undefined) return name;
  return nfe === undefined ? `${name}:${sampler}` : `${name}:${sampler}:${nfe}`;
}
