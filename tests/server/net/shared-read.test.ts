import { expect, it } from 'vitest';
import { shareReading } from '../../../server/net/shared-read.ts';

/** A reading that ends when told to. */
function puppet() {
  const ends: ((value: number) => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const read = shareReading(
    () =>
      new Promise<number>((resolve, reject) => {
        ends.push(resolve);
        fails.push(reject);
      }),
  );
  return { ends, fails, read };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('a hundred who ask at once are two readings at most', async () => {
  const { ends, read } = puppet();
  const first = read();
  await turn();
  const others = Array.from({ length: 100 }, () => read());
  await turn();
  expect(ends.length).toBe(1);
  ends[0](1);
  expect(await first).toBe(1);
  await turn();
  expect(ends.length).toBe(2);
  ends[1](2);
  expect(new Set(await Promise.all(others))).toEqual(new Set([2]));
});

it('nobody gets what was read before it asked', async () => {
  let content = 1;
  const read = shareReading(async () => {
    const seen = content;
    await turn();
    return seen;
  });
  const before = read();
  await Promise.resolve();
  content = 2;
  expect(await read()).toBe(2);
  expect(await before).toBe(1);
});

it('a reading that fails fails for those who shared it, and for nobody after', async () => {
  const { ends, fails, read } = puppet();
  const first = read();
  await turn();
  fails[0](new Error('no such file'));
  await expect(first).rejects.toThrow('no such file');
  const second = read();
  await turn();
  ends[1](2);
  expect(await second).toBe(2);
});
