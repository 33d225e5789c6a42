/**
 * Seeds of starts, in two disjoint halves of the integers: whatever seed a user picks, no
 * evaluation begins where a demonstration began.
 *
 * @param purpose what the start is for
 * @param seed    of the dataset or of the evaluation, 0 … 16383
 * @param index   of the start within it, 0 … 65535
 */
export function startSeed(
  purpose: 'demonstration' | 'evaluation',
  seed: number,
  index: number,
): number {
  const half = purpose === 'evaluation' ? 2 ** 30 : 0;
  return half + (seed % 2 ** 14) * 2 ** 16 + (index % 2 ** 16);
}
