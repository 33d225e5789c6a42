import { element, type Markup } from '../markup.ts';
import { linearScale, px } from '../scale.ts';
import { colourOf, drawing, type Spoken, verticalGrid, words } from './drawing.ts';

/** Values of one kind. */
export interface HistogramRow {
  readonly label: string;
  readonly values: readonly number[];
  /** Of its colour. */
  readonly place: number;
}

/** What all panels have in common. */
export interface HistogramFrame {
  /** From the left end of the picture to its right. */
  readonly domain: readonly [number, number];
  readonly binWidth: number;
  readonly ticks: readonly number[];
  say(tick: number): string;
  /** What lies there, behind the bars. */
  readonly bands: readonly (readonly [number, number])[];
}

const LEFT = 96;
const WIDTH = 230;
const ROW = 44;
const GAP = 10;
const BOTTOM = 22;

/** Rows of bars one below the other; of each row the highest fills it. What lies beyond an end is in the last bin. */
export function histogramPanel(
  spoken: Spoken,
  rows: readonly HistogramRow[],
  { domain, binWidth, ticks, say, bands }: HistogramFrame,
): Markup {
  const right = LEFT + WIDTH;
  const x = linearScale(domain, [LEFT, right]);
  const bottom = rows.length * (ROW + GAP);
  const least = Math.min(...domain);
  const count = Math.round(Math.abs(domain[1] - domain[0]) / binWidth);
  const binOf = (value: number) =>
    Math.max(0, Math.min(count - 1, Math.floor((value - least) / binWidth)));
  return drawing(
    spoken,
    { width: right + 10, height: bottom + BOTTOM },
    bands.map((band) => {
      const [from, to] = band.map(x).sort((a, b) => a - b);
      return element('rect', {
        ...{ x: px(from), y: 0, width: px(to - from), height: px(bottom), class: 'post' },
      });
    }),
    verticalGrid(ticks, say, x, [0, bottom]),
    rows.map(({ label, values, place }, i) => {
      const bins = new Array<number>(count).fill(0);
      for (const value of values) bins[binOf(value)]++;
      const most = Math.max(1, ...bins);
      const base = (i + 1) * (ROW + GAP) - GAP / 2;
      const bars = bins.flatMap((n, bin) => {
        if (n === 0) return [];
        const ends = [bin, bin + 1].map((end) => x(least + end * binWidth));
        const height = (ROW * n) / most;
        return `M${px(Math.min(...ends))} ${px(base)}v${px(-height)}h${px(Math.abs(ends[1] - ends[0]))}v${px(height)}z`;
      });
      return element(
        'g',
        {},
        words(label, [LEFT - 8, base - ROW / 2 + 4], { anchor: 'end' }),
        bars.length > 0 && element('path', { d: bars.join(''), class: `${colourOf(place)} bars` }),
      );
    }),
  );
}
