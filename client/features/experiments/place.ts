/** What the address of the page says: which experiment is open, and whose rollouts are shown. */

export interface Place {
  /** Null: none is open. */
  readonly name: string | null;
  /** Place among its contenders; null: of none. */
  readonly contender: number | null;
}

/** What is no name, or no number, asks for nothing. */
export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const name = fields.get('name');
  const contender = fields.get('contender');
  if (name === null || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name))
    return { name: null, contender: null };
  const known = contender !== null && /^\d{1,3}$/.test(contender);
  return { name, contender: known ? Number(contender) : null };
}

/** What `readPlace` reads, with the language of the page. */
export function hashOf({ name, contender }: Place, language: string): string {
  const fields = new URLSearchParams({ lang: language });
  if (name !== null) fields.set('name', name);
  if (name !== null && contender !== null) fields.set('contender', String(contender));
  return `#${fields}`;
}
