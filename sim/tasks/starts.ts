import { SimError } from '../errors.ts';

/** Largest seed of a dataset, an evaluation, a training: any of 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;

/** Below this, seeds of starts lie as they always have: one more bit would not fit into 32. */
const SMALL_SEEDS = 2 ** 14;
const INDICES = 2 ** 16;

/**
 * Seeds of starts, each (purpose, seed, index) another: whatever seed a user picks, no evaluation
 * begins where a demonstration began, and no two datasets share a start.
 *
 * Those of seeds below 16384 are 32-bit numbers, demonstrations in one half and evaluations in the
 * other. Those of larger seeds lie above them, below 2^50, again in two halves; `randomOf` hashes
 * them.
 *
 * @param purpose what the start is for
 * @param seed    of the dataset or of the evaluation, 0 … 2^32 − 1
 * @param index   of the start within it, 0 … 65535
 * @throws SimError outside of these: halves that wrapped around would overlap
 */
export function startSeed(
  purpose: 'demonstration' | 'evaluation',
  seed: number,
  index: number,
): number {
  check('seed', seed, MAX_SEED);
  check('index', index, INDICES - 1);
  const place = seed * INDICES + index;
  const second = purpose === 'evaluation';
  if (seed < SMALL_SEEDS) return (second ? 2 ** 30 : 0) + place;
  return 2 ** 31 + (second ? 2 ** 48 : 0) + place;
}

function check(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new SimError(`start ${name}: expected a whole number from 0 to ${most}, got ${value}`);
}
