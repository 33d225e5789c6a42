import type { DamagedEntry, Hello, Omitted } from '../../../server/protocol/index.ts';
import type { explainEn } from './texts-en.ts';

/** What the server has and the page does not list. */
export interface Unread {
  readonly damaged: readonly DamagedEntry[];
  /** Null where everything was sent. */
  readonly omitted: Omitted | null;
}

export const NOTHING_UNREAD: Unread = { damaged: [], omitted: null };

export function unreadOf({ damaged = [], omitted }: Hello): Unread {
  return { damaged, omitted: omitted ?? null };
}

/** A sentence for each damaged entry, then one for each list that is not complete. */
export function unreadLines(
  { damaged, omitted }: Unread,
  text: (typeof explainEn)['state']['unread'],
): string[] {
  const lists = ['runs', 'datasets', 'jobs', 'comparisons'] as const;
  return [
    ...damaged.map(({ kind, name, message }) => text.damaged[kind](name, message)),
    ...lists.flatMap((list) => {
      const count = omitted?.[list] ?? 0;
      return count > 0 ? [text.omitted[list](count)] : [];
    }),
  ];
}
