/** Where capitals are scaled anew, far from what a number holds. */
const LARGE = 1e100;
/** Capital that counts as none: less evidence by nothing that shows, and no number that is slow to work with. */
const LOST = 1e-250;

/**
 * Evidence against a hypothesis on the mean of bounded numbers, by betting: for every bet λ the capital
 *
 *     M_n(λ) = ∏ (1 + λ x_i),  and of all bets together  M_n = weighted mean over λ of M_n(λ)
 *
 * Where the hypothesis holds, E[x_i | x_1 … x_{i-1}] is 0 (or, for bets of one sign, not of that
 * sign): then M is a non-negative supermartingale from 1, an *e-process*. It reaches 1/α at any time
 * with probability α at most, so one may look after every number, and stop when one likes.
 *
 * Assumes that no x_i lets 1 + λ x_i fall below 0, and that x_i are of independent starts: their
 * distribution is free. The average does not depend on the order in which they came.
 *
 * @see Ville 1939, Étude critique de la notion de collectif; Waudby-Smith and Ramdas 2024, JRSS B 86,
 *      1–27, for bets on bounded means
 */
export class BettingMixture {
  readonly #bets: readonly number[];
  /** They sum to 1. */
  readonly #weights: readonly number[];
  /** M_n(λ) over exp(#logScale). */
  readonly #capitals: Float64Array;
  /** Weighted. */
  #sum = 1;
  #logScale = 0;

  /**
   * @param bets    λ
   * @param weights of each, which sum to 1. @default equal ones
   */
  constructor(
    bets: readonly number[],
    weights: readonly number[] = bets.map(() => 1 / bets.length),
  ) {
    this.#bets = bets;
    this.#weights = weights;
    this.#capitals = new Float64Array(bets.length).fill(1);
  }

  /** Another one that goes on from here for itself. */
  copy(): BettingMixture {
    const copy = new BettingMixture(this.#bets, this.#weights);
    copy.#capitals.set(this.#capitals);
    copy.#sum = this.#sum;
    copy.#logScale = this.#logScale;
    return copy;
  }

  /** @cost a multiplication a bet; nothing for 0 */
  add(x: number): void {
    if (x === 0) return;
    let sum = 0;
    for (let i = 0; i < this.#bets.length; i++) {
      const capital = this.#capitals[i] * (1 + this.#bets[i] * x);
      this.#capitals[i] = capital < LOST ? 0 : capital;
      sum += this.#weights[i] * capital;
    }
    this.#sum = sum;
    if (sum > LARGE || sum < 1 / LARGE) this.#rescale();
  }

  /** log M_n */
  get logCapital(): number {
    return this.#logScale + Math.log(this.#sum);
  }

  /** log M if what has come came `times` as often, above 0: what the evidence grows to at this pace. */
  logCapitalAfter(times: number): number {
    const logs = Array.from(this.#capitals, (each) => this.#logScale + Math.log(each));
    return logMeanExp(
      logs.map((each) => times * each),
      this.#weights,
    );
  }

  #rescale(): void {
    for (let i = 0; i < this.#capitals.length; i++) this.#capitals[i] /= this.#sum;
    this.#logScale += Math.log(this.#sum);
    this.#sum = 1;
  }
}

/**
 * log of the mean of the exponentials: none of them overflows.
 *
 * @param weights of each, which sum to 1. @default equal ones
 */
export function logMeanExp(
  logs: readonly number[],
  weights: readonly number[] = logs.map(() => 1 / logs.length),
): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, each, i) => total + weights[i] * Math.exp(each - largest), 0);
  return largest + Math.log(sum);
}

/**
 * Points between −1 and 1 with equal weights that stand for the arcsine distribution,
 * density 1 / (π √(1 − λ²)): the average over them of any polynomial of degree up to 2·count − 1 is
 * exact. Even counts have no point at 0.
 *
 * @see Abramowitz and Stegun 1964, 25.4.38 (Gauss–Chebyshev)
 */
export function arcsinePoints(count: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.cos(((2 * k + 1) * Math.PI) / (2 * count)));
}
