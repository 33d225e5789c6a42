import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bargain, onFront } from '../../../server/experiments/front.ts';

const bargain = fc.record<Bargain>({
  nfe: fc.option(fc.constantFrom(1, 2, 4, 10)),
  success: fc.constantFrom(0, 0.5, 0.9, 1),
  entropy: fc.constantFrom(0, 0.5, 1),
});

it('on the front is who gives most for least', () => {
  const bargains = [
    { nfe: 1, success: 0.7, entropy: 0 },
    { nfe: 1, success: 0.6, entropy: 0.8 },
    { nfe: 4, success: 0.99, entropy: 0.9 },
    { nfe: 10, success: 0.99, entropy: 0.9 },
    { nfe: 10, success: 0.98, entropy: 0.95 },
    { nfe: null, success: 1, entropy: 1 },
  ];
  expect(onFront(bargains)).toEqual([true, true, true, false, true, false]);
});

it('whoever is not on it is beaten by one who is, and nobody on it by anybody', () => {
  const beats = (a: Bargain, b: Bargain) => {
    const better = [(b.nfe ?? 0) - (a.nfe ?? 0), a.success - b.success, a.entropy - b.entropy];
    return Math.min(...better) >= 0 && Math.max(...better) > 0;
  };
  fc.assert(
    fc.property(fc.array(bargain, { maxLength: 20 }), (all) => {
      const front = onFront(all);
      const known = all.filter(({ nfe }) => nfe !== null);
      all.forEach((own, i) => {
        if (own.nfe === null) expect(front[i]).toBe(false);
        else if (front[i]) expect(known.some((each) => beats(each, own))).toBe(false);
        else expect(all.some((each, k) => front[k] && beats(each, own))).toBe(true);
      });
    }),
  );
});
