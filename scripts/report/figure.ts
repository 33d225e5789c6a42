import { type Child, element, type Markup } from './markup.ts';

/** A part of the report that can be linked to. */
export function section(id: string, title: string, ...children: Child[]): Markup {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-head` },
    element('h2', { id: `${id}-head` }, title),
    ...children,
  );
}

export function paragraph(...children: Child[]): Markup {
  return element('p', {}, ...children);
}

/** Numbers in rows; the first column names its row. */
export interface Numbers {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** @param id of the part that can be scrolled sideways where there is little room */
export function numbersTable(id: string, { caption, heads, rows }: Numbers): Markup {
  return scrolled(
    id,
    caption,
    element(
      'table',
      {},
      element('caption', {}, caption),
      element(
        'thead',
        {},
        headRow(
          heads,
          heads.map((_, k) => rows.map((row) => row[k])),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map(([name, ...cells]) => element('tr', {}, rowHead(name), cells.map(cellOf))),
      ),
    ),
  );
}

/** @param cells of each column, by which its head stands where they do */
export function headRow(heads: readonly string[], cells: readonly (readonly string[])[]): Markup {
  const numbers = (k: number) => k > 0 && cells[k].every((cell) => NUMBER.test(cell));
  return element(
    'tr',
    {},
    heads.map((head, k) =>
      element('th', { scope: 'col', ...(numbers(k) && { class: 'number' }) }, head),
    ),
  );
}

export function rowHead(name: string): Markup {
  return element('th', { scope: 'row' }, name);
}

/** A number, a share, an interval of shares, or counts. */
const NUMBER = /^(–|[~−]?[\d.,]+(e[+-]?\d+)?( ?%(–[\d.,]+%)?)?|\d+(\/\d+)+)$/;

/** Numbers stand to the right. */
export function cellOf(cell: string): Markup {
  return element('td', NUMBER.test(cell) ? { class: 'number' } : {}, cell);
}

/** What may be wider than the page: it is scrolled, with the keyboard too. */
export function scrolled(id: string, label: string, child: Markup): Markup {
  const named = { id, class: 'scrolled', role: 'region', 'aria-label': label, tabindex: 0 };
  return element('div', named, child);
}

/** Something that is opened. */
export function folded(summary: string, ...children: Child[]): Markup {
  return element('details', {}, element('summary', {}, summary), ...children);
}

/** A plot of several panels, and the numbers behind it. */
export function plot(
  id: string,
  {
    note,
    key,
    panels,
    numbers,
  }: {
    readonly note: string;
    readonly key: Markup | null;
    readonly panels: readonly { readonly title: string; readonly picture: Markup }[];
    readonly numbers: Numbers;
  },
): Markup {
  return element(
    'div',
    { class: 'plot' },
    paragraph(note),
    key,
    element(
      'div',
      { class: 'panels' },
      panels.map(({ title, picture }) =>
        element('figure', {}, element('figcaption', {}, title), picture),
      ),
    ),
    folded('The numbers of this plot', numbersTable(`${id}-numbers`, numbers)),
  );
}
