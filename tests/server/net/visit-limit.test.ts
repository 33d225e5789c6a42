import { expect, it } from 'vitest';
import { VisitLimit } from '../../../server/net/visit-limit.ts';

it('lets so many in a minute, each client its own, and the next minute again', () => {
  const limit = new VisitLimit(2);
  expect([0, 1, 2, 3].map((now) => limit.take('192.0.2.1', now))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(limit.isSpent('192.0.2.1', 4)).toBe(true);
  expect(limit.isSpent('192.0.2.2', 4)).toBe(false);
  expect(limit.take('192.0.2.2', 59_999)).toBe(true);
  expect(limit.take('192.0.2.1', 60_000)).toBe(true);
});

it('counts a network of IPv6 as one client: everybody in it has more addresses than there are counts', () => {
  const limit = new VisitLimit(1);
  expect(limit.take('2001:db8::1', 0)).toBe(true);
  expect(limit.take('2001:db8::2', 0)).toBe(false);
  expect(limit.take('2001:db8:1::1', 0)).toBe(true);
});

it('tells ten thousand clients apart; those beyond share a count, and the first keep theirs', () => {
  const limit = new VisitLimit(1);
  const name = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  for (let i = 0; i < 10_000; i++) expect(limit.take(name(i), 0)).toBe(true);
  expect(limit.take(name(10_000), 0)).toBe(true);
  expect(limit.take(name(10_001), 0)).toBe(false);
  expect(limit.take(name(7), 0)).toBe(false);
});
