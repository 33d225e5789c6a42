import { expect, it } from 'vitest';
import { PairedTest } from '../../../server/statistics/index.ts';
import { hasProspect } from '../../../server/statistics/prospect.ts';

const THRESHOLDS = { logE: Math.log(20), logSameE: Math.log(20) };

/** Whether a test that has seen these may be decided by so many more. */
function prospect(seen: readonly number[], more: number, within: number | null = null): boolean {
  const test = new PairedTest(within);
  for (const each of seen) test.add(each);
  return hasProspect(test, seen, more, THRESHOLDS);
}

const times = (count: number, difference: number) => new Array<number>(count).fill(difference);

/** log of the Gamma function, by Stirling's series above 10 and the recursion below. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  return (
    (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3)
  );
}

/**
 * The chance in closed form that of `more` starts after `alike` ones that did not differ one policy wins six or
 * more, and no other: the Dirichlet-multinomial distribution of Jeffreys' prior.
 */
function chanceOfSix(alike: number, more: number): number {
  const alpha = [0.5, 0.5, 0.5 + alike];
  const total = alike + 1.5;
  let chance = 0;
  for (let won = 6; won <= more; won++) {
    const counts = [won, 0, more - won];
    const log =
      logGamma(total) +
      logGamma(more + 1) -
      logGamma(more + total) +
      counts.reduce(
        (sum, count, k) =>
          sum + logGamma(count + alpha[k]) - logGamma(alpha[k]) - logGamma(count + 1),
        0,
      );
    chance += 2 * Math.exp(log);
  }
  return chance;
}

it('of twins ends where the chance that one wins six and loses none, in closed form, is about 5 %', () => {
  const last = Array.from({ length: 400 }, (_, alike) => alike).findIndex(
    (alike) => alike > 0 && !prospect(times(alike, 0), 400 - alike),
  );
  const chance = chanceOfSix(last, 400 - last);
  // One may also lose a start and win more; 200 ends are simulated.
  expect(chance).toBeGreaterThan(0.015);
  expect(chance).toBeLessThan(0.07);
});

it('is there while what is left can decide, and not where it cannot', () => {
  expect(prospect([], 400)).toBe(true);
  expect(prospect([], 5)).toBe(false);
  expect(prospect(times(5, 1), 1)).toBe(true);
  expect(prospect(times(4, 1), 1)).toBe(false);
  expect(prospect(times(4, 1), 0)).toBe(false);
  expect(prospect([...times(30, 1), ...times(20, -1)], 10)).toBe(false);
  expect(prospect([...times(30, 1), ...times(12, -1)], 50)).toBe(true);
});

it('is that of either claim, where a difference below δ counts as none', () => {
  expect(prospect(times(60, 0), 60)).toBe(false);
  expect(prospect(times(30, 0), 60, 0.1)).toBe(true);
});

it('knows shares of starts of which several rollouts are made', () => {
  expect(prospect(times(10, 0.2), 60)).toBe(true);
  expect(prospect([...times(20, 0.2), ...times(20, -0.2)], 20)).toBe(false);
});

it('is the same for the same test', () => {
  const seen = [...times(60, 0), 1];
  const answers = Array.from({ length: 3 }, () => prospect(seen, 339));
  expect(new Set(answers).size).toBe(1);
});
