import type { Proportion } from '../../../server/protocol/results.ts';
import { percent } from '../../table.ts';
import { element, type Markup } from '../markup.ts';
import { linearScale, shareTicks } from '../scale.ts';
import { drawing, line, mark, type Spoken, shortened, verticalGrid, words } from './drawing.ts';

/** A rate with its interval. */
export interface ForestRow {
  readonly label: string;
  /** All that there is to say of it. */
  readonly said: string;
  readonly rate: Pick<Proportion, 'rate' | 'ci95'>;
  readonly letters: string | null;
  /** It begins another part of the panel. */
  readonly apart: boolean;
}

const ROW = 18;
const GAP = 7;
const TOP = 6;
const BOTTOM = 22;
const PLOT = 170;
/** px a character of a label, and of a letter. */
const CHARACTER = 6.4;
const LETTER = 7;
const MOST_CHARACTERS = 34;
const MOST_LETTERS = 8;
const VALUE = 50;

/** Rates one below the other, each a point in its interval. */
export function forestPanel(
  spoken: Spoken,
  rows: readonly ForestRow[],
  domain: readonly [number, number],
): Markup {
  const longest = Math.max(...rows.map(({ label }) => Math.min(MOST_CHARACTERS, label.length)));
  const lettered = Math.max(
    ...rows.map(({ letters }) => Math.min(MOST_LETTERS, letters?.length ?? 0)),
  );
  const left = Math.ceil(longest * CHARACTER) + 10;
  const right = left + PLOT;
  const x = linearScale(domain, [left, right]);
  let y = TOP;
  const middles = rows.map(({ apart }, i) => {
    y += (apart && i > 0 ? GAP : 0) + ROW;
    return y - ROW / 2;
  });
  const size = { width: right + VALUE + lettered * LETTER + 6, height: y + BOTTOM };
  return drawing(
    spoken,
    size,
    verticalGrid(shareTicks(domain, 5), percent, x, [TOP, y]),
    rows.map(({ label, said, rate: { rate, ci95 }, letters }, i) => {
      const middle = middles[i];
      const [low, high] = ci95.map((end) => x(Math.max(domain[0], end)));
      return element(
        'g',
        {},
        element('title', {}, said),
        words(shortened(label, MOST_CHARACTERS), [left - 8, middle + 4], { anchor: 'end' }),
        line([low, middle], [high, middle], 'interval c0'),
        mark(0, [x(Math.max(domain[0], rate)), middle], { radius: 3.6 }),
        words(percent(rate), [right + VALUE - 6, middle + 4], { of: 'value', anchor: 'end' }),
        letters !== null &&
          words(shortened(letters, MOST_LETTERS), [right + VALUE, middle + 4], { of: 'letters' }),
      );
    }),
  );
}
