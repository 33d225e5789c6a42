import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NewestFirst } from '../../../server/protocol/newest-first.ts';

/** A stream of numbers to a receiver that acknowledges when told to. */
function stream() {
  const sent: number[] = [];
  const unacknowledged: (() => void)[] = [];
  const queue = new NewestFirst<number>((item, received) => {
    sent.push(item);
    unacknowledged.push(received);
  });
  return {
    sent,
    underway: () => unacknowledged.length,
    offer: (item: number, keep?: boolean) => queue.offer(item, keep),
    acknowledge: () => unacknowledged.shift()?.(),
  };
}

it('sends at once while few are on their way', () => {
  const { sent, offer } = stream();
  for (const item of [1, 2, 3, 4]) offer(item);
  expect(sent).toEqual([1, 2, 3, 4]);
});

it('keeps only the newest of those that must wait', () => {
  const { sent, offer, acknowledge } = stream();
  for (let item = 1; item <= 100; item++) offer(item);
  expect(sent).toEqual([1, 2, 3, 4]);
  acknowledge();
  expect(sent).toEqual([1, 2, 3, 4, 100]);
  acknowledge();
  expect(sent).toHaveLength(5);
});

it('holds at most four on their way, in order, and the newest always arrives', () => {
  const actions = fc.array(fc.constantFrom('offer', 'acknowledge'), { maxLength: 200 });
  fc.assert(
    fc.property(actions, (list) => {
      const { sent, underway, offer, acknowledge } = stream();
      let offered = 0;
      for (const action of list) {
        if (action === 'offer') offer(++offered);
        else acknowledge();
        expect(underway()).toBeLessThanOrEqual(4);
      }
      while (underway() > 0) acknowledge();
      expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
      expect(sent.at(-1) ?? 0).toBe(offered);
    }),
  );
});

it('of those that are asked to be kept none is missing, in order, and few are on their way', () => {
  const actions = fc.array(fc.constantFrom('offer', 'keep', 'acknowledge'), { maxLength: 200 });
  fc.assert(
    fc.property(actions, (list) => {
      const { sent, underway, offer, acknowledge } = stream();
      const kept: number[] = [];
      let offered = 0;
      for (const action of list) {
        if (action === 'acknowledge') acknowledge();
        else offer(++offered, action === 'keep');
        if (action === 'keep') kept.push(offered);
        expect(underway()).toBeLessThanOrEqual(16);
      }
      while (underway() > 0) acknowledge();
      expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
      expect(sent.filter((item) => kept.includes(item))).toEqual(kept);
      expect(sent.at(-1) ?? 0).toBe(offered);
    }),
  );
});

it('keeps a whole episode for a receiver that has stopped reading, and no more', () => {
  const { sent, underway, offer, acknowledge } = stream();
  for (let item = 1; item <= 10_000; item++) offer(item, true);
  while (underway() > 0) acknowledge();
  expect(sent).toHaveLength(16 + 4096);
  expect(sent.slice(-4096)).toEqual(Array.from({ length: 4096 }, (_, i) => 10_000 - 4095 + i));
});
