import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBucket } from '../../../server/net/token-bucket.ts';

it('lets a burst through, then nothing', () => {
  const bucket = new TokenBucket(3, 10, 0);
  expect([0, 0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false, false]);
});

it('then lets one through each time a token has come back', () => {
  const bucket = new TokenBucket(1, 10, 0);
  expect(bucket.take(0)).toBe(true);
  expect(bucket.take(99)).toBe(false);
  expect(bucket.take(100)).toBe(true);
  expect(bucket.take(150)).toBe(false);
  expect(bucket.take(200)).toBe(true);
});

it('refusals cost nothing', () => {
  const bucket = new TokenBucket(1, 10, 0);
  bucket.take(0);
  for (let now = 1; now < 100; now++) expect(bucket.take(now)).toBe(false);
  expect(bucket.take(101)).toBe(true);
});

it('holds no more than a burst, however long nobody asks', () => {
  const bucket = new TokenBucket(2, 10, 0);
  const at = 1e9;
  expect([at, at, at].map((now) => bucket.take(now))).toEqual([true, true, false]);
});

it('never lets more through than burst and rate allow, and never much less', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 20 }), (gaps, burst) => {
      const rate = 10;
      const bucket = new TokenBucket(burst, rate, 0);
      let now = 0;
      let taken = 0;
      for (const gap of gaps) {
        now += gap;
        if (bucket.take(now)) taken++;
        expect(taken).toBeLessThanOrEqual(burst + (rate * now) / 1000 + 1e-9);
      }
      // Whoever asks more slowly than the rate is never refused.
      if (gaps.every((gap) => gap >= 1000 / rate)) expect(taken).toBe(gaps.length);
    }),
  );
});
