import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from '../../../../client/features/record/pacer.ts';

describe('the pacer', () => {
  it('makes as many steps as the time holds, whatever the rhythm', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.0005, max: 0.24, noNaN: true }), { maxLength: 200 }),
        (gaps) => {
          const pacer = new Pacer(20);
          let now = 100;
          let steps = pacer.due(now);
          for (const gap of gaps) {
            now += gap;
            steps += pacer.due(now);
          }
          expect(Math.abs(steps - (now - 100) * 20)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('does not catch up what was frozen', () => {
    const pacer = new Pacer(20);
    pacer.due(0);
    expect(pacer.due(30)).toBe(5);
    expect(pacer.due(30.05)).toBe(1);
  });

  it('begins anew with a step at once', () => {
    const pacer = new Pacer(20);
    pacer.due(0);
    pacer.due(0.04);
    pacer.begin();
    expect(pacer.due(10)).toBe(1);
    expect(pacer.due(10.04)).toBe(0);
    expect(pacer.due(10.05)).toBe(1);
  });
});
