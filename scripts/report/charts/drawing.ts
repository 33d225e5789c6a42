import { type Child, element, type Markup } from '../markup.ts';
import { px, type Scale } from '../scale.ts';

/** What a picture is called and says, for who does not see it. */
export interface Spoken {
  /** Of the element; others are made from it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** @param width and height in px at its largest: a narrower page makes it smaller */
export function drawing(
  { id, title, description }: Spoken,
  { width, height }: { readonly width: number; readonly height: number },
  ...children: Child[]
): Markup {
  return element(
    'svg',
    {
      ...{ id, role: 'img', viewBox: `0 0 ${px(width)} ${px(height)}`, width, height },
      'aria-labelledby': `${id}-title ${id}-said`,
    },
    element('title', { id: `${id}-title` }, title),
    element('desc', { id: `${id}-said` }, description),
    ...children,
  );
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  of: string,
): Markup {
  return element('line', { x1: px(x1), y1: px(y1), x2: px(x2), y2: px(y2), class: of });
}

export function words(
  text: string,
  [x, y]: readonly [number, number],
  { of = 'said', anchor = 'start' }: { of?: string; anchor?: 'start' | 'middle' | 'end' } = {},
): Markup {
  const at = { x: px(x), y: px(y), class: of };
  return element('text', anchor === 'start' ? at : { ...at, 'text-anchor': anchor }, text);
}

/** A way from point to point, as the data of a path. */
export function wayThrough(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

/** Shapes around 0 with a radius of about 1, so that nothing hangs on colour alone; the first is a disc. */
const SHAPES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  [
    [0, -1.3],
    [1.1, 0],
    [0, 1.3],
    [-1.1, 0],
  ],
  [
    [0, 1.2],
    [1.1, -0.8],
    [-1.1, -0.8],
  ],
  regular(6, 0),
  [
    [-0.4, -1.1],
    [0.4, -1.1],
    [0.4, 1.1],
    [-0.4, 1.1],
  ],
  regular(5, -Math.PI / 2),
];

function regular(corners: number, from: number): [number, number][] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / corners;
    return [1.1 * Math.cos(angle), 1.1 * Math.sin(angle)];
  });
}

/** Colours and shapes that are told apart; what comes after begins again. */
export const TOLD_APART = SHAPES.length;

/** The mark of the n-th of what is told apart. */
export function mark(
  n: number,
  [x, y]: readonly [number, number],
  { radius = 4, hollow = false, said = null }: MarkOptions = {},
): Markup {
  const shape = SHAPES[n % SHAPES.length];
  const of = `${colourOf(n)} mark${hollow ? ' hollow' : ''}`;
  const tip = said && element('title', {}, said);
  if (shape.length === 0) {
    return element('circle', { cx: px(x), cy: px(y), r: px(radius), class: of }, tip);
  }
  const at = shape.map(([dx, dy]): [number, number] => [x + radius * dx, y + radius * dy]);
  return element('path', { d: `${wayThrough(at)}Z`, class: of }, tip);
}

interface MarkOptions {
  /** px. @default 4 */
  readonly radius?: number;
  readonly hollow?: boolean;
  /** What is said where a pointer rests on it. */
  readonly said?: string | null;
}

/** Class of the n-th colour. */
export function colourOf(n: number): string {
  return `c${n % TOLD_APART}`;
}

/** Says which mark is whose. */
export function legend(names: readonly string[]): Markup {
  return element(
    'ul',
    { class: 'legend' },
    names.map((name, n) =>
      element(
        'li',
        {},
        element(
          'svg',
          { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
          mark(n, [8, 8], { radius: 5 }),
        ),
        name,
      ),
    ),
  );
}

/** Lines of a plot at some values, with what they are. */
export function horizontalGrid(
  ticks: readonly number[],
  say: (tick: number) => string,
  y: Scale,
  [left, right]: readonly [number, number],
): Markup[] {
  return ticks.flatMap((tick) => [
    line([left, y(tick)], [right, y(tick)], 'grid'),
    words(say(tick), [left - 5, y(tick) + 3.5], { of: 'tick', anchor: 'end' }),
  ]);
}

export function verticalGrid(
  ticks: readonly number[],
  say: (tick: number) => string,
  x: Scale,
  [top, bottom]: readonly [number, number],
): Markup[] {
  return ticks.flatMap((tick) => [
    line([x(tick), top], [x(tick), bottom], 'grid'),
    words(say(tick), [x(tick), bottom + 13], { of: 'tick', anchor: 'middle' }),
  ]);
}

/** Shortened to what there is room for. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
