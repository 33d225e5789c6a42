import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import {
  clusteredProportion,
  judgePairs,
  proportion,
  type StartDifference,
} from '../../../server/statistics/index.ts';

/** Experiments without a difference; more of them by hand: NULLS=20000 npx vitest run … */
const NULLS = Number(process.env.NULLS ?? 2000);
const everyStart = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

const starts = (means: readonly number[], pairs = 1): StartDifference[] =>
  means.map((mean) => ({ mean, pairs }));
const same = (count: number, mean: number, pairs = 1) =>
  starts(new Array<number>(count).fill(mean), pairs);

describe('a verdict', () => {
  it('says who is better, of a against b, with its evidence', () => {
    const [won, lost] = [1, -1].map((mean) => judgePairs([same(6, mean)], everyStart(6))[0]);
    expect(won).toMatchObject({ verdict: 'better', difference: 1, pairs: 6, morePairs: 0 });
    expect(won.eValue).toBeCloseTo(20.3, 1);
    expect(won.adjustedEValue).toBe(won.eValue);
    expect(lost).toMatchObject({ verdict: 'worse', difference: -1 });
    expect(lost).not.toHaveProperty('sameEValue');
  });

  it('stays open with a guess of how many more pairs it takes, in rollouts', () => {
    const [open] = judgePairs([same(3, 1)], [3]);
    expect(open).toMatchObject({ verdict: 'open', pairs: 3, morePairs: 3 });
    expect(judgePairs([same(3, 1, 5)], [3])[0]).toMatchObject({ pairs: 15, morePairs: 15 });
    expect(judgePairs([same(9, 0)], [9])[0]).toMatchObject({ verdict: 'open', morePairs: null });
    expect(judgePairs([[]], [0])[0]).toMatchObject({ verdict: 'open', pairs: 0, morePairs: null });
  });

  it('of two that do not differ is sameness, within δ and not without', () => {
    expect(judgePairs([same(200, 0)], [200], 0.05)[0]).toMatchObject({ verdict: 'same' });
    expect(judgePairs([same(200, 0)], [200])[0]).toMatchObject({ verdict: 'open' });
    expect(judgePairs([same(20, 0)], [20], 0.05)[0]).toMatchObject({
      verdict: 'open',
      morePairs: expect.any(Number),
    });
  });

  it('once given stays, and rests on the starts until then', () => {
    // Six for the one, then forty for the other: whoever stops at the sixth has decided.
    const turning = starts([...new Array<number>(6).fill(1), ...new Array<number>(40).fill(-1)]);
    expect(judgePairs([turning], everyStart(46))[0]).toMatchObject({
      verdict: 'better',
      pairs: 6,
      starts: 6,
    });
    expect(judgePairs([turning], [46])[0]).toMatchObject({ verdict: 'worse', pairs: 46 });
  });

  it('takes more where there are more pairs to be wrong about, less once others are decided', () => {
    const open = () => same(40, 0);
    const firstOf = (pairs: StartDifference[][]) => judgePairs(pairs, everyStart(40))[0].starts;
    const alone = firstOf([same(40, 1)]);
    const among = firstOf([same(40, 1), open(), open(), open(), open()]);
    const decided = firstOf([same(40, 1), ...Array.from({ length: 4 }, () => same(40, -1))]);
    expect(alone).toBe(6);
    expect(among).toBeGreaterThan(alone);
    expect(decided).toBe(alone);
  });

  it('is a number in JSON, however sure it is', () => {
    const [{ eValue }] = judgePairs([same(5000, 1)], [5000]);
    expect(JSON.parse(JSON.stringify(eValue))).toBe(eValue);
  });
});

/** Of `NULLS` experiments, the share in which `claims` says that something false was claimed. */
function falseAlarms(claims: (random: Random) => boolean): number {
  const random = Random.of(0xa1a5);
  let alarms = 0;
  for (let i = 0; i < NULLS; i++) if (claims(random)) alarms++;
  return alarms / NULLS;
}

const flip = (random: Random, rate: number) => Number(random.uniform() < rate);

/** One rollout of each policy a start. */
const independent = (count: number, a: number, b: number, random: Random) =>
  starts(Array.from({ length: count }, () => flip(random, a) - flip(random, b)));

describe('false alarms with a look after every start are at most 5 %', () => {
  it.each([0.9, 0.5])('of two policies that both succeed at %d, 400 pairs', (rate) => {
    const share = falseAlarms((random) => {
      const pair = independent(400, rate, rate, random);
      return judgePairs([pair], everyStart(400))[0].verdict !== 'open';
    });
    expect(share).toBeLessThanOrEqual(0.05);
    // Nor is the test asleep: a bound that is never met would be no test.
    expect(share).toBeGreaterThan(0.01);
  });

  it('of five rollouts a start, each policy with starts of its own that it likes', () => {
    const share = falseAlarms((random) => {
      // From a start a policy succeeds at 0.95 or 0.15, on average at 0.55.
      const pair = Array.from({ length: 80 }, () => {
        const [a, b] = [0, 0].map(() => (random.uniform() < 0.5 ? 0.95 : 0.15));
        const wins = Array.from({ length: 5 }, () => flip(random, a) - flip(random, b));
        return { mean: wins.reduce((sum, each) => sum + each) / 5, pairs: 5 };
      });
      return judgePairs([pair], everyStart(80))[0].verdict !== 'open';
    });
    expect(share).toBeLessThanOrEqual(0.05);
    expect(share).toBeGreaterThan(0.005);
  });

  it('of sameness, for two that differ by just δ', () => {
    const share = falseAlarms((random) => {
      const pair = independent(300, 0.95, 0.85, random);
      return judgePairs([pair], everyStart(300), 0.1)[0].verdict === 'same';
    });
    expect(share).toBeLessThanOrEqual(0.05);
    // Both sides must be refuted, which makes it careful.
    expect(share).toBeGreaterThan(0.001);
  });

  it('over all ten pairs of five policies that succeed alike', () => {
    const looks = everyStart(20).map((turn) => 5 * turn);
    const share = falseAlarms((random) => {
      const successes = everyStart(5).map(() => everyStart(100).map(() => flip(random, 0.8)));
      const pairs = successes.flatMap((a, i) =>
        successes.slice(i + 1).map((b) => starts(a.map((each, start) => each - b[start]))),
      );
      return judgePairs(pairs, looks).some(({ verdict }) => verdict !== 'open');
    });
    expect(share).toBeLessThanOrEqual(0.05);
  });
});

describe('the intervals cover the truth in 93 to 97 % of experiments', () => {
  /** Probability of k of n. */
  function binomial(n: number, k: number, p: number): number {
    let log = k * Math.log(p) + (n - k) * Math.log(1 - p);
    for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
    return Math.exp(log);
  }

  it.each([0.5, 0.74, 0.9, 0.97])('of 400 independent rollouts at %d, summed over all', (p) => {
    let covered = 0;
    for (let k = 0; k <= 400; k++) {
      const [low, high] = proportion(k, 400).ci95;
      if (low <= p && p <= high) covered += binomial(400, k, p);
    }
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.97);
  });

  it('of 100 starts that differ, four rollouts each', () => {
    const random = Random.of(93);
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const clusters = everyStart(100).map(() => {
        const ease = random.uniform() < 0.5 ? 0.95 : 0.55;
        return { n: 4, k: everyStart(4).filter(() => flip(random, ease)).length };
      });
      const [low, high] = clusteredProportion(clusters).ci95;
      if (low <= 0.75 && 0.75 <= high) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });
});
