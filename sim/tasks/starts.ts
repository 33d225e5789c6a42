import { SimError } from '../errors.ts';

/**
 * Seeds of starts, in two disjoint halves of the integers: whatever seed a user picks, no
 * evaluation begins where a demonstration began.
 *
 * @param purpose what the start is for
 * @param seed    of the dataset or of the evaluation, 0 … 16383
 * @param index   of the start within it, 0 … 65535
 * @throws SimError outside of these: halves that wrapped around would overlap
 */
export function startSeed(
  purpose: 'demonstration' | 'evaluation',
  seed: number,
  index: number,
): number {
  check('seed', seed, 2 ** 14);
  check('index', index, 2 ** 16);
  const half = purpose === 'evaluation' ? 2 ** 30 : 0;
  return half + seed * 2 ** 16 + index;
}

function check(name: string, value: number, end: number): void {
  if (Number.isInteger(value) && value >= 0 && value < end) return;
  throw new SimError(`start ${name}: expected a whole number from 0 to ${end - 1}, got ${value}`);
}
