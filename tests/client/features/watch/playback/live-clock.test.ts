import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceLive } from '../../../../../client/features/watch/playback/live-clock.ts';

const RATE = 20;

describe('the live clock', () => {
  it('settles one control period behind frames that come evenly', () => {
    let position = 0;
    for (let frame = 0; frame < 600; frame++) {
      const seconds = frame / 60;
      const newest = Math.floor(seconds * RATE) + 2;
      position = advanceLive(position, { newest, rate: RATE, seconds: 1 / 60 });
    }
    const newest = Math.floor((599 / 60) * RATE) + 2;
    expect(newest - position).toBeGreaterThan(0.2);
    expect(newest - position).toBeLessThan(2.2);
  });

  it('stands on the newest frame while none come, and goes on smoothly', () => {
    let position = 9;
    for (let frame = 0; frame < 60; frame++) {
      position = advanceLive(position, { newest: 10, rate: RATE, seconds: 1 / 60 });
    }
    expect(position).toBe(10);
    const next = advanceLive(position, { newest: 11, rate: RATE, seconds: 1 / 60 });
    expect(next - position).toBeCloseTo(RATE / 60);
  });

  it('jumps where it is far behind', () => {
    expect(advanceLive(0, { newest: 100, rate: RATE, seconds: 1 / 60 })).toBe(99);
  });

  it('never goes back and never beyond what was received', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.integer({ min: 0, max: 50 }),
        fc.double({ min: 2, max: 400, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (position, ahead, rate, seconds) => {
          const newest = Math.floor(position) + ahead;
          const next = advanceLive(position, { newest, rate, seconds });
          expect(next).toBeGreaterThanOrEqual(position);
          expect(next).toBeLessThanOrEqual(Math.max(newest, position));
        },
      ),
    );
  });
});
