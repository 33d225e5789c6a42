import { LANES } from '../../../shared/lanes/lanes.ts';
import type { View } from '../../../shell/view.ts';

/** Opens the curves of the view that is shown alone, or of the first one; or closes them. */
export function toggleCurves({ curves, focus }: Pick<View, 'curves' | 'focus'>): void {
  curves.value = curves.value === null ? (focus.value ?? LANES[0]) : null;
}
