import type { AlignedData } from 'uplot';

/**
 * What was measured at each step of a training, each point the mean of a few steps of equal number.
 *
 * @param total  steps of the whole training
 * @param points at most
 * @param series what is drawn of a step
 * @returns      the last step of each point, then each series
 */
export function meanCurve<T extends { readonly step: number }>(
  steps: readonly T[],
  { total, points }: { readonly total: number; readonly points: number },
  ...series: readonly ((step: T) => number)[]
): AlignedData {
  const each = Math.ceil(total / points);
  const x: number[] = [];
  const means: number[][] = series.map(() => []);
  for (let i = 0; i + each <= steps.length; i += each) {
    const part = steps.slice(i, i + each);
    x.push(part[each - 1].step);
    for (const [n, of] of series.entries()) {
      means[n].push(part.reduce((sum, step) => sum + of(step), 0) / each);
    }
  }
  return [x, ...means];
}
