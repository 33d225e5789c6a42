import type { AlignedData } from 'uplot';
import { meanCurve } from '../../shared/work/mean-curve.ts';
import type { StepLosses } from './messages.ts';

/** Most points of a curve: more than that are closer than a pixel. */
const POINTS = 150;

/** Both losses over the steps, each point the mean of a few steps of equal number. */
export function lossCurve(steps: readonly StepLosses[], total: number): AlignedData {
  return meanCurve(
    steps,
    { total, points: POINTS },
    ({ losses }) => losses.diffusion,
    ({ losses }) => losses.flow,
  );
}
