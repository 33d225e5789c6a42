import type { AlignedData } from 'uplot';
import type { Step } from './messages.ts';

/** Most points of a curve: more than that are closer than a pixel. */
const POINTS = 100;

/** The loss over the steps, each point the mean of a few steps of equal number. */
export function lossCurve(steps: readonly Step[], total: number): AlignedData {
  const each = Math.ceil(total / POINTS);
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i + each <= steps.length; i += each) {
    const part = steps.slice(i, i + each);
    x.push(part[each - 1].step);
    y.push(part.reduce((sum, { loss }) => sum + loss, 0) / each);
  }
  return [x, y];
}
