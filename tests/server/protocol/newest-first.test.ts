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
    offer: (item: number) => queue.offer(item),
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
