import type { AlignedData } from 'uplot';
import type { Metric } from '../../../server/protocol/index.ts';

/**
 * Loss curves of several runs over one axis of steps. Runs log at different steps: where one has
 * nothing to say, its place stays empty and its line goes across.
 */
export function alignCurves(curves: readonly (readonly Metric[])[]): AlignedData {
  const steps = [...new Set(curves.flat().map(({ step }) => step))].sort((a, b) => a - b);
  const places = new Map(steps.map((step, i) => [step, i]));
  const columns = curves.map((curve) => {
    const column: (number | null)[] = new Array(steps.length).fill(null);
    for (const { step, loss } of curve) {
      const place = places.get(step);
      // A logarithmic axis has no place for 0.
      if (place !== undefined && loss > 0) column[place] = loss;
    }
    return column;
  });
  return [steps, ...columns];
}
