import type { AlignedData } from 'uplot';
import type { StepLosses } from './messages.ts';

/** Most points of a curve: more than that are closer than a pixel. */
const POINTS = 150;

/** Both losses over the steps, each point the mean of a few steps of equal number. */
export function lossCurve(steps: readonly StepLosses[], total: number): AlignedData {
  const each = Math.ceil(total / POINTS);
  const x: number[] = [];
  const diffusion: number[] = [];
  const flow: number[] = [];
  for (let i = 0; i + each <= steps.length; i += each) {
    const part = steps.slice(i, i + each);
    const mean = (of: (step: StepLosses) => number) =>
      part.reduce((sum, step) => sum + of(step), 0) / each;
    x.push(part[each - 1].step);
    diffusion.push(mean(({ losses }) => losses.diffusion));
    flow.push(mean(({ losses }) => losses.flow));
  }
  return [x, diffusion, flow];
}
