import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import { type GridResult, rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import { looksAt, pairUp, untilDecided } from '../../../server/evaluation/pairs.ts';

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
  it('begin where the first decision is possible, end at the last start, a quarter apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (starts) => {
        const looks = looksAt(starts);
        expect(looks[0]).toBe(Math.min(7, starts));
        expect(looks.at(-1)).toBe(starts);
        looks.slice(1).forEach((look, i) => {
          expect(look).toBeGreaterThan(looks[i]);
          expect(look).toBeLessThanOrEqual(Math.ceil(1.25 * looks[i]));
        });
        expect(looks.length).toBeLessThan(45);
      }),
    );
  });
});

describe('policies until they are decided', () => {
  const turns = untilDecided(rolloutGrid(100, 100), null);
  const goingAfter = (look: number, ...policies: readonly (() => boolean)[]) =>
    turns.goOn(policies.map((succeeds) => rollouts(100, 100, succeeds).slice(0, look)));

  it('all go on before the first look, and where nothing tells them apart', () => {
    expect(goingAfter(0, always, never)).toEqual([true, true]);
    expect(goingAfter(60, always, always)).toEqual([true, true]);
  });

  it('end together where there is but one pair', () => {
    expect(goingAfter(7, always, never)).toEqual([false, false]);
  });

  it('go on where one of their pairs is open, though others are decided', () => {
    expect(goingAfter(12, never, always, always)).toEqual([false, true, true]);
  });

  it('stay ended with what they have, while others go on', () => {
    const results = [
      rollouts(100, 100, never).slice(0, 12),
      rollouts(100, 100, always).slice(0, 48),
      rollouts(100, 100, always).slice(0, 48),
    ];
    expect(turns.goOn(results)).toEqual([false, true, true]);
    const within = untilDecided(rolloutGrid(100, 100), 0.2);
    expect(within.goOn(results)).toEqual([false, false, false]);
  });
});

describe('pairs of policies', () => {
  const names = ['one', 'other'];

  it('are held against each other by start: what is shared by a start counts once', () => {
    const looks = [3];
    const [{ judged }] = pairUp(names, [rollouts(30, 3, always), rollouts(30, 3, never)], {
      looks,
      within: null,
    });
    expect(judged).toMatchObject({ verdict: 'open', pairs: 30, starts: 3, morePairs: 40 });
  });

  it('of which one ended early are compared as far as both have come', () => {
    const [{ judged, mcnemarP }] = pairUp(
      names,
      [rollouts(20, 20, always).slice(0, 9), rollouts(20, 20, never)],
      { looks: looksAt(20), within: null },
    );
    expect(judged).toMatchObject({ verdict: 'better', pairs: 7 });
    expect(mcnemarP).toBeCloseTo(2 / 2 ** 9, 12);
  });
});
