import { percent } from '../../table.ts';
import { element, type Markup } from '../markup.ts';
import { linearScale, shareTicks } from '../scale.ts';
import {
  drawing,
  horizontalGrid,
  mark,
  type Spoken,
  verticalGrid,
  wayThrough,
  words,
} from './drawing.ts';

/** A contender where its success and its entropy put it. */
export interface FrontPoint {
  /** Of its colour and mark. */
  readonly place: number;
  readonly success: number;
  readonly entropy: number;
  readonly onFront: boolean;
  readonly said: string;
}

const SIZE = { width: 300, height: 246 } as const;
const FRAME = { left: 40, right: SIZE.width - 12, top: 20, bottom: SIZE.height - 38 } as const;
const ENTROPIES = [0, 0.25, 0.5, 0.75, 1];

/**
 * Success against entropy; what is on the front is filled.
 *
 * @param reached all that so many network calls give, for the line that they reach together
 */
export function frontPanel(
  spoken: Spoken,
  points: readonly FrontPoint[],
  reached: readonly Pick<FrontPoint, 'success' | 'entropy'>[],
  { domain, entropy }: { readonly domain: readonly [number, number]; readonly entropy: string },
): Markup {
  const { left, right, top, bottom } = FRAME;
  const x = linearScale(domain, [left + 8, right - 8]);
  const y = linearScale([0, 1], [bottom - 6, top + 6]);
  const stairs = stairsOf(reached).map(([success, height]): [number, number] => [
    x(success),
    y(height),
  ]);
  const [first] = stairs;
  const last = stairs[stairs.length - 1];
  const edge = [[left, first[1]] as const, ...stairs, [last[0], bottom] as const];
  return drawing(
    spoken,
    SIZE,
    horizontalGrid(ENTROPIES, String, y, [left, right]),
    verticalGrid(shareTicks(domain, 5), percent, x, [top, bottom]),
    words('success', [(left + right) / 2, SIZE.height - 6], { of: 'axis', anchor: 'middle' }),
    words(entropy, [left - 24, 10], { of: 'axis' }),
    element('path', { d: wayThrough(edge), class: 'stairs' }),
    [...points]
      .sort((a, b) => Number(a.onFront) - Number(b.onFront))
      .map(({ place, success, entropy: height, onFront, said }) =>
        mark(place, [x(success), y(height)], {
          radius: onFront ? 5 : 3.6,
          hollow: !onFront,
          said,
        }),
      ),
  );
}

/**
 * Corners of the line behind which all points lie, from the one of highest entropy to the one of most
 * success.
 */
export function stairsOf(
  points: readonly Pick<FrontPoint, 'success' | 'entropy'>[],
): [success: number, entropy: number][] {
  const corners: [number, number][] = [];
  const descending = [...points].sort((a, b) => b.success - a.success || b.entropy - a.entropy);
  let highest = Number.NEGATIVE_INFINITY;
  for (const { success, entropy } of descending) {
    if (entropy <= highest) continue;
    const last = corners[0];
    if (last) corners.unshift([success, last[1]]);
    corners.unshift([success, entropy]);
    highest = entropy;
  }
  return corners;
}
