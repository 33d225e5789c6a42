import { Random } from '../../policies/random.ts';
import type { PairedTest, Thresholds } from './paired-test.ts';

/** Ends that are simulated. */
const DRAWS = 200;
/** A chance of a decision that is no longer worth its rollouts. */
const FAINT = 0.05;
/** What was seen of each of −1, 0 and 1 before the first start, starts: Jeffreys' prior. */
const PRIOR = 0.5;

/**
 * Whether a test is decided by so many further starts with a chance of 5 % or more, by simulation: their
 * differences are drawn with shares of the Dirichlet distribution that follows from the starts there were.
 * What nobody has seen yet may still come, ever more rarely the longer it did not.
 *
 * Whoever ends a test by this claims nothing by it: an e-process may be stopped for any reason.
 *
 * @param seen differences of the starts of the test
 * @param more starts that may come
 * @returns    the same for the same test
 * @cost 200 ends; an end is a bet of the test for each start that differs, with δ for each start
 */
export function hasProspect(
  test: PairedTest,
  seen: readonly number[],
  more: number,
  thresholds: Thresholds,
): boolean {
  const counts = new Map([-1, 0, 1].map((difference) => [difference, PRIOR]));
  for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1);
  const random = Random.of(seen.length, more);
  const enough = FAINT * DRAWS;
  let decided = 0;
  for (let left = DRAWS; left > 0 && decided + left >= enough; left--) {
    const future = new Future(counts, random);
    if (isDecided(test, future, more, thresholds) && ++decided >= enough) return true;
  }
  return false;
}

function isDecided(
  test: PairedTest,
  future: Future,
  more: number,
  { logE, logSameE }: Thresholds,
): boolean {
  // Without δ starts that do not differ change nothing.
  const skips = test.logSameE === null;
  let copy: PairedTest | null = null;
  for (let left = more - (skips ? future.same() : 0); left > 0; left--) {
    copy ??= test.copy();
    copy.add(skips ? future.differing() : future.any());
    if (copy.logE >= logE || (copy.logSameE ?? -Infinity) >= logSameE) return true;
    if (skips) left -= future.same();
  }
  return false;
}

/** Starts to come, with shares that are drawn once. */
class Future {
  readonly #random: Random;
  /** Share of starts that differ. */
  readonly #differing: number;
  /** Differences but 0, and their shares. */
  readonly #kinds: { difference: number; share: number }[] = [];

  constructor(counts: ReadonlyMap<number, number>, random: Random) {
    this.#random = random;
    let same = 0;
    let differing = 0;
    for (const [difference, count] of counts) {
      const share = gamma(count, random);
      if (difference === 0) {
        same = share;
      } else {
        differing += share;
        this.#kinds.push({ difference, share });
      }
    }
    this.#differing = differing / (same + differing);
    for (const kind of this.#kinds) kind.share /= differing;
  }

  any(): number {
    return this.#random.uniform() < this.#differing ? this.differing() : 0;
  }

  differing(): number {
    let left = this.#random.uniform();
    for (const { difference, share } of this.#kinds) {
      left -= share;
      if (left < 0) return difference;
    }
    return this.#kinds[0].difference;
  }

  /** How many do not differ before one does. */
  same(): number {
    const rate = -Math.log1p(-this.#differing);
    return rate === 0 ? Infinity : Math.floor(-Math.log(1 - this.#random.uniform()) / rate);
  }
}

/**
 * A number of the gamma distribution with scale 1.
 *
 * @see Marsaglia and Tsang 2000, ACM Trans. Math. Software 26, 363–372
 */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * random.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) {
      return d * v;
    }
  }
}
