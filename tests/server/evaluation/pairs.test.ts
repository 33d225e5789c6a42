import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import { type GridResult, rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import {
  differences,
  judgeAlone,
  looksAt,
  pairsOf,
  pairUp,
  untilDecided,
} from '../../../server/evaluation/pairs.ts';
import { judgePairs } from '../../../server/statistics/index.ts';

/** Rollouts over a grid of which `succeeds` says how each ended. */
function rollouts(
  count: number,
  starts: number,
  succeeds: (start: number, noise: number) => boolean,
): GridResult[] {
  return rolloutGrid(count, starts).map(({ start, noise }) => ({
    start,
    noise,
    success: succeeds(start, noise),
    contact: false,
    mode: null,
    lifted: null,
    steps: 1,
    firstPlan: null,
    switched: false,
    seam: NO_SQUARES,
    motion: NO_MOTION,
    plans: [],
    replayHash: '',
  }));
}

const always = () => true;
const never = () => false;

describe('the looks', () => {
  it('begin where the first decision is possible, end at the last start, a seventh apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (starts) => {
        const looks = looksAt(starts);
        expect(looks[0]).toBe(Math.min(6, starts));
        expect(looks.at(-1)).toBe(starts);
        looks.slice(1).forEach((look, i) => {
          expect(look).toBeGreaterThan(looks[i]);
          expect(look).toBeLessThanOrEqual(Math.ceil(1.15 * looks[i]));
        });
        expect(looks.length).toBeLessThan(65);
      }),
    );
  });
});

describe('policies until they are decided', () => {
  const turns = untilDecided(rolloutGrid(100, 100), null);
  const goingAfter = (look: number, ...policies: readonly (() => boolean)[]) =>
    turns.goOn(policies.map((succeeds) => rollouts(100, 100, succeeds).slice(0, look)));

  it('all go on before the first look, and while what is left may tell them apart', () => {
    expect(goingAfter(0, always, never)).toEqual([true, true]);
    expect(goingAfter(12, always, always)).toEqual([true, true]);
    expect(goingAfter(60, always, always)).toEqual([false, false]);
  });

  it('go on at first also where there are too few for any decision', () => {
    const few = untilDecided(rolloutGrid(4, 4), null);
    expect(few.goOn([[], []])).toEqual([true, true]);
  });

  it('end together where there is but one pair', () => {
    expect(goingAfter(6, always, never)).toEqual([false, false]);
  });

  it('go on where one of their pairs is open, though others are decided', () => {
    expect(goingAfter(12, never, always, always)).toEqual([false, true, true]);
  });

  it('stay ended with what they have, while others go on', () => {
    const results = [
      rollouts(100, 100, never).slice(0, 12),
      rollouts(100, 100, always).slice(0, 28),
      rollouts(100, 100, always).slice(0, 28),
    ];
    expect(turns.goOn(results)).toEqual([false, true, true]);
    const within = untilDecided(rolloutGrid(100, 100), 0.2);
    expect(within.goOn(results)).toEqual([false, false, false]);
  });
});

it('takes 30 % of the rollouts over all pairs of the policies that README compares, and loses no more than 3 % of its decisions', () => {
  // Rates of success of its first two tables, 400 rollouts each: outcomes are drawn independently.
  const rates = [0, 0.99, 1, 1, 0.97, 0.97, 0.74, 0.99, 0];
  const looks = looksAt(400);
  const random = Random.of(40);
  const REPEATS = 8;
  const count = { taken: 0, decided: 0, decidable: 0 };
  for (let i = 0; i < REPEATS; i++) {
    for (const pair of pairsOf(rates.length)) {
      const [one, other] = pair.map((policy) =>
        rollouts(400, 400, () => random.uniform() < rates[policy]),
      );
      const stopped = judgeAlone(one, other, null);
      const [whole] = judgePairs([differences(one, other)], looks);
      count.taken += stopped.pairs;
      if (stopped.verdict !== 'open') count.decided++;
      if (whole.verdict !== 'open') count.decidable++;
      // Whatever is decided is what would have been without the other rule.
      if (stopped.verdict !== 'open') expect(stopped).toEqual(whole);
    }
  }
  const share = count.taken / (REPEATS * pairsOf(rates.length).length * 400);
  expect(share).toBeLessThan(0.3);
  expect(share).toBeGreaterThan(0.2);
  expect(count.decided).toBeGreaterThan(0.97 * count.decidable);
});

describe('pairs of policies', () => {
  const names = ['one', 'other'];

  it('are held against each other by start: what is shared by a start counts once', () => {
    const looks = [3];
    const [{ judged }] = pairUp(names, [rollouts(30, 3, always), rollouts(30, 3, never)], {
      looks,
      within: null,
    });
    expect(judged).toMatchObject({ verdict: 'open', pairs: 30, starts: 3, morePairs: 30 });
  });

  it('of which one ended early are compared as far as both have come', () => {
    const [{ judged, mcnemarP }] = pairUp(
      names,
      [rollouts(20, 20, always).slice(0, 9), rollouts(20, 20, never)],
      { looks: looksAt(20), within: null },
    );
    expect(judged).toMatchObject({ verdict: 'better', pairs: 6 });
    expect(mcnemarP).toBeCloseTo(2 / 2 ** 9, 12);
  });
});
