import type { Proportion } from '../../../server/protocol/results.ts';
import { percent } from '../../table.ts';
import { element, type Markup } from '../markup.ts';
import { linearScale, logScale, type Scale, shareTicks } from '../scale.ts';
import {
  colourOf,
  drawing,
  horizontalGrid,
  line,
  mark,
  type Spoken,
  verticalGrid,
  wayThrough,
  words,
} from './drawing.ts';

/** Rates along an axis. */
export interface Curve {
  /** Of its colour and mark. */
  readonly place: number;
  /** Ascending. */
  readonly points: readonly {
    readonly at: number;
    readonly rate: Pick<Proportion, 'rate' | 'ci95'>;
    readonly said: string;
  }[];
}

export interface CurveAxes {
  /** Every place that is marked, ascending. */
  readonly places: readonly number[];
  readonly title: string;
  /** Equal factors are equally far apart. */
  readonly logarithmic: boolean;
  /** Of the rates. */
  readonly domain: readonly [number, number];
}

const SIZE = { width: 300, height: 216 } as const;
const FRAME = { left: 44, right: SIZE.width - 14, top: 10, bottom: SIZE.height - 38 } as const;
/** From curve to curve, px: intervals of one place stand beside each other. */
const ASIDE = 4;
/** Kept free at both ends, px. */
const MARGIN = 12;

/** Success along an axis, a curve each, with intervals. */
export function curvePanel(
  spoken: Spoken,
  curves: readonly Curve[],
  { places, title, logarithmic, domain }: CurveAxes,
): Markup {
  const { left, right, top, bottom } = FRAME;
  const ends = [places[0], places[places.length - 1]] as const;
  const scale = logarithmic ? logScale : linearScale;
  const x = scale(ends, [left + MARGIN, right - MARGIN]);
  const y = linearScale(domain, [bottom, top]);
  return drawing(
    spoken,
    SIZE,
    horizontalGrid(shareTicks(domain), percent, y, [left, right]),
    verticalGrid(apart(places, x), String, x, [top, bottom]),
    words(title, [(left + right) / 2, SIZE.height - 6], { of: 'axis', anchor: 'middle' }),
    curves.map((curve, i) => oneCurve(curve, x, y, ASIDE * (i - (curves.length - 1) / 2), domain)),
  );
}

function oneCurve(
  { place, points }: Curve,
  x: Scale,
  y: Scale,
  aside: number,
  [lowest]: readonly [number, number],
): Markup {
  const colour = colourOf(place);
  const drawn = points.map(({ at, rate: { rate, ci95 }, said }) => {
    const [low, middle, high] = [ci95[0], rate, ci95[1]].map((each) => y(Math.max(lowest, each)));
    return { left: x(at) + aside, low, middle, high, said };
  });
  const way = wayThrough(drawn.map(({ left, middle }) => [left, middle]));
  return element(
    'g',
    {},
    element('path', { d: way, class: `curve ${colour}` }),
    drawn.map(({ left, low, high }) => line([left, low], [left, high], `interval ${colour}`)),
    drawn.map(({ left, middle, said }) => mark(place, [left, middle], { radius: 3.4, said })),
  );
}

/** Px that a number of the axis needs. */
const NUMBER = 20;

/** Those of the places whose numbers do not run into one another. */
function apart(places: readonly number[], x: Scale): number[] {
  const kept: number[] = [];
  for (const place of places) {
    const last = kept.at(-1);
    if (last === undefined || x(place) - x(last) >= NUMBER) kept.push(place);
  }
  return kept;
}
