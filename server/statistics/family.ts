/**
 * E-values of several hypotheses, adjusted so that those which reach 1/α are all rightly refuted with
 * probability 1 − α: the smallest average of each with any others, which is the closed test that
 * averages the e-values of the hypotheses that might be true together. It gives at least what
 * Bonferroni and Holm give (e over the number of hypotheses left), whatever their dependence, and at
 * any time for e-processes, since an average of e-processes is one.
 *
 * @param logs logarithms, and so is what it returns, in their order
 * @cost squares with their number
 * @see Vovk and Wang 2021, Annals of Statistics 49, 1736–1754, algorithm 1
 */
export function adjustLogEValues(logs: readonly number[]): number[] {
  const ascending = [...logs].sort((a, b) => a - b);
  return logs.map((own) => {
    // In units of its own value: what is added is at most 1, and may come to nothing.
    let sum = 1;
    let least = 1;
    for (const [i, smaller] of ascending.filter((each) => each < own).entries()) {
      sum += Math.exp(smaller - own);
      least = Math.min(least, sum / (i + 2));
    }
    return own + Math.log(least);
  });
}

/**
 * Compact letter display: two policies share a letter exactly where they are not told apart, with as
 * few letters as that takes; a is of the first.
 *
 * @param count     of the policies, the best first
 * @param toldApart whether those of two places are
 * @cost small for a handful; the letters of unlucky differences may double with each policy
 * @see Piepho 2004, J. Comput. Graph. Stat. 13, 456–466, insert and absorb
 */
export function letters(
  count: number,
  toldApart: (one: number, other: number) => boolean,
): string[] {
  const places = Array.from({ length: count }, (_, i) => i);
  let groups: (readonly number[])[] = [places];
  for (const one of places) {
    for (const other of places.slice(one + 1)) {
      if (!toldApart(one, other)) continue;
      const split = groups.flatMap((group) =>
        group.includes(one) && group.includes(other)
          ? [group.filter((each) => each !== other), group.filter((each) => each !== one)]
          : [group],
      );
      groups = split.filter((group, i) => !split.some((of, k) => absorbs(of, k, group, i)));
    }
  }
  const ordered = [...groups].sort(byPlaces);
  return places.map((place) =>
    ordered.flatMap((group, i) => (group.includes(place) ? letterOf(i) : [])).join(''),
  );
}

/** Whether the k-th group makes the i-th superfluous; of two that are equal the first stays. */
function absorbs(of: readonly number[], k: number, group: readonly number[], i: number): boolean {
  if (k === i || !group.every((each) => of.includes(each))) return false;
  return of.length > group.length || k < i;
}

/** In the order of their first members, then of their second … */
function byPlaces(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((place, i) => place !== b[i]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Where the letters end, numbers in brackets: each is told from its neighbours. */
function letterOf(index: number): string {
  return ALPHABET[index] ?? `(${index + 1})`;
}
