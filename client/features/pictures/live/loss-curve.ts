import type { AlignedData } from 'uplot';
import { meanCurve } from '../../../shared/work/mean-curve.ts';
import type { Step } from './messages.ts';

/** Most points of a curve: more than that are closer than a pixel. */
const POINTS = 100;

/** The loss over the steps, each point the mean of a few steps of equal number. */
export function lossCurve(steps: readonly Step[], total: number): AlignedData {
  return meanCurve(steps, { total, points: POINTS }, ({ loss }) => loss);
}
