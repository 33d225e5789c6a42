import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Clutch, MOVES, SILENCE, SLOW } from '../../../../client/features/record/clutch.ts';

let clutch: Clutch;

beforeEach(() => {
  clutch = new Clutch();
});

describe('the clutch', () => {
  it('gives exactly the time a key was held, however seldom one looks', () => {
    clutch.press('left', 10);
    expect(clutch.take(10.2).left).toBeCloseTo(0.2);
    clutch.release('left', 10.3);
    expect(clutch.take(10.31).left).toBeCloseTo(0.1);
    expect(clutch.take(10.5).left).toBe(0);
  });

  it('gives the same in sum for every rhythm of looking', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (gaps) => {
          const each = new Clutch();
          let now = 5;
          let sum = 0;
          each.press('up', now);
          for (const gap of gaps) {
            now += gap;
            sum += each.take(now).up;
          }
          expect(sum).toBeCloseTo(now - 5);
        },
      ),
    );
  });

  it('adds up keys that are held together, each by itself', () => {
    clutch.press('right', 1);
    clutch.press('away', 1.1);
    clutch.release('right', 1.2);
    const times = clutch.take(1.25);
    expect(times.right).toBeCloseTo(0.2);
    expect(times.away).toBeCloseTo(0.15);
  });

  it('counts time that was asked for slowly for less', () => {
    clutch.press('near', 0);
    clutch.setSlow(true, 0.1);
    clutch.setSlow(false, 0.2);
    expect(clutch.take(0.3).near).toBeCloseTo(0.2 + 0.1 * SLOW);
  });

  it('holds when everything is let go at once, as when the window loses the focus', () => {
    for (const move of MOVES) clutch.press(move, 3);
    clutch.setSlow(true, 3);
    clutch.releaseAll(3.1);
    expect(clutch.engaged).toBe(false);
    clutch.take(3.1);
    expect(Object.values(clutch.take(3.2))).toEqual(MOVES.map(() => 0));
    clutch.press('up', 4);
    expect(clutch.take(4.1).up).toBeCloseTo(0.1);
  });

  it('holds after a silence: what was frozen does not leap', () => {
    clutch.press('down', 7);
    expect(clutch.take(7.1).down).toBeCloseTo(0.1);
    expect(clutch.take(60).down).toBeCloseTo(SILENCE);
    expect(clutch.take(60.1).down).toBeCloseTo(0.1);
  });

  it('takes no harm from an event that is told late', () => {
    clutch.press('left', 2);
    clutch.take(2.1);
    clutch.release('left', 2.05);
    expect(clutch.take(2.2).left).toBe(0);
    expect(clutch.engaged).toBe(false);
  });

  it('knows a key that is pressed twice only once', () => {
    clutch.press('left', 2);
    clutch.press('left', 2.1);
    expect(clutch.take(2.2).left).toBeCloseTo(0.2);
  });
});
