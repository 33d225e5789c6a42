import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitConcurrency, multiples, worthwhileProcesses } from '../../../server/jobs/parallel.ts';

/** Work that ends, badly, only when it is told to. */
const untilTold = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('told to end')));
  });

describe('tasks a few at a time', () => {
  it('give their results in order, never more at once than they may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (turns, limit) => {
          let running = 0;
          let most = 0;
          const tasks = turns.map((count, i) => async () => {
            most = Math.max(most, ++running);
            for (let turn = 0; turn < count; turn++) await null;
            running--;
            return i;
          });
          expect(await limitConcurrency(limit, tasks)).toEqual(turns.map((_, i) => i));
          expect(most).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('happen at the same time', async () => {
    let begun = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const meet = async () => {
      if (++begun === 2) open();
      await both;
    };
    await limitConcurrency(2, [meet, meet]);
    expect(begun).toBe(2);
  });

  it('are all told to end where one fails, and no other begins', async () => {
    const begun: number[] = [];
    let ended = 0;
    const wait = (i: number) => async (signal: AbortSignal) => {
      begun.push(i);
      await untilTold(signal).finally(() => ended++);
    };
    const fail = async () => {
      begun.push(1);
      throw new Error('killed');
    };
    await expect(limitConcurrency(3, [wait(0), fail, wait(2), wait(3)])).rejects.toThrow('killed');
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toBe(2);
  });

  it('are told to end from outside', async () => {
    const stop = new AbortController();
    const all = limitConcurrency(2, [untilTold, untilTold, untilTold], stop.signal);
    stop.abort();
    await expect(all).rejects.toThrow('told to end');
  });
});

it('a process is started where it has as much to do as its start takes, and no more than there are cores', () => {
  const cores = availableParallelism();
  expect([0, 1, 19].map((pieces) => worthwhileProcesses(pieces, 10))).toEqual([1, 1, 1]);
  expect(worthwhileProcesses(20, 10)).toBe(Math.min(cores, 2));
  expect(worthwhileProcesses(10 * cores + 10, 10)).toBe(cores);
});

it('parts begin at the multiples of their size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 500 }), (step, end) => {
      const parts = multiples(step, end);
      expect(parts.flatMap((from) => range(from, Math.min(end, from + step)))).toEqual(
        range(0, end),
      );
    }),
  );
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
