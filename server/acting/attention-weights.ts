import type { PolicySpec } from '../../policies/config/index.ts';
import type { AttentionStep } from '../../policies/samplers/attention.ts';
import type { PlanAttention } from '../protocol/frames.ts';
import { LIMITS } from '../protocol/limits.ts';

type Reading = Pick<PolicySpec, 'condition'>;

/**
 * What a policy can look at: the tokens of its instruction, then in angle brackets each thing
 * observed, then the picture as one.
 */
export function attendedTokens({ condition }: Reading, words: readonly string[]): string[] {
  const things = (condition?.observed ?? []).map(({ name }) => `<${name}>`);
  return [...words, ...things, ...(condition?.image ? ['<image>'] : [])];
}

/**
 * Where a batch of one looked in one network evaluation.
 *
 * @param words tokens of the instruction
 * @returns     by attention block the weight of each of `attendedTokens`, mean over the chunk and
 *              the heads; they sum to 1
 */
export function weightsByBlock(
  { condition }: Reading,
  { blocks }: AttentionStep,
  words: number,
): Map<string, number[]> {
  const counts = {
    words,
    places: condition?.text.tokens ?? 0,
    things: condition?.observed.length ?? 0,
  };
  return new Map(
    Array.from(blocks, ([name, { shape, data }]) => [
      name,
      weightsOf(meanRow(data, shape[shape.length - 1]), counts),
    ]),
  );
}

/**
 * Where a batch of one looked while a plan was made: the mean over all blocks by network
 * evaluation, of which neighbours share a column where there are more than `LIMITS.attention`.
 *
 * @param words tokens of the instruction
 */
export function planAttention(
  spec: Reading,
  evaluations: readonly AttentionStep[],
  words: number,
): PlanAttention {
  const rows = evaluations.map((evaluation) =>
    meanOf([...weightsByBlock(spec, evaluation, words).values()]),
  );
  const columns = Math.min(rows.length, LIMITS.attention);
  const first = (column: number) => Math.floor((column * rows.length) / columns);
  const weights = Array.from({ length: columns }, (_, i) =>
    meanOf(rows.slice(first(i), first(i + 1))),
  );
  return { tokens: weights[0].length, weights: Float32Array.from(weights.flat()) };
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}

/** Mean of rows of `width` numbers. */
function meanRow(data: Float32Array, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  data.forEach((value, i) => {
    sums[i % width] += value;
  });
  return sums.map((sum) => (sum * width) / data.length);
}

/** The weights of the words, of each thing observed, and of all of the picture together. */
function weightsOf(
  row: readonly number[],
  { words, places, things }: { words: number; places: number; things: number },
): number[] {
  const picture = row.slice(places + things);
  const sum = picture.reduce((total, weight) => total + weight, 0);
  return [
    ...row.slice(0, words),
    ...row.slice(places, places + things),
    ...(picture.length > 0 ? [sum] : []),
  ];
}
