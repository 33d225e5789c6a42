import { type Axis, placeOn } from '../../server/experiments/axes.ts';
import type { Contender } from '../../server/experiments/plan.ts';

/** Of an axis, in words and as short as it goes. */
export const AXIS_TEXTS: Readonly<
  Record<Axis, { readonly title: string; readonly short: string }>
> = {
  nfe: { title: 'network evaluations a chunk (NFE)', short: 'NFE' },
  actionHorizon: { title: 'action horizon Ta, control steps', short: 'Ta' },
  guidance: { title: 'scale of guidance, w', short: 'w' },
  scheme: { title: 'scheme', short: '' },
  delay: { title: 'delay d, control steps', short: 'd' },
  perturbation: { title: 'perturbation', short: '' },
};

/** Of an axis, as short as it has a name. */
export function nameOf(axis: Axis): string {
  const { short, title } = AXIS_TEXTS[axis];
  return short || title;
}

/** Where a contender lies on some axes: "NFE 4 · Ta 8"; empty where it lies on none. */
export function settingOf(contender: Contender, axes: readonly Axis[]): string {
  return axes
    .flatMap((axis) => {
      const place = placeOn(axis, contender);
      return place === null ? [] : [`${AXIS_TEXTS[axis].short} ${place}`.trim()];
    })
    .join(' · ');
}
