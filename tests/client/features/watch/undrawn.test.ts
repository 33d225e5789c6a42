import { afterEach, expect, it, vi } from 'vitest';
import { passTime } from '../../../../client/features/watch/undrawn.ts';

afterEach(() => vi.unstubAllGlobals());

it('tells how much time has passed at each picture of the browser, until it is ended', () => {
  const due = new Map<number, (now: number) => void>();
  let requests = 0;
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) => {
    due.set(++requests, run);
    return requests;
  });
  vi.stubGlobal('cancelAnimationFrame', (request: number) => due.delete(request));
  const frame = (now: number) => {
    const runs = [...due.values()];
    due.clear();
    for (const run of runs) run(now);
  };
  const told: number[] = [];
  const end = passTime((seconds) => told.push(seconds));
  for (const now of [1000, 1016, 1516]) frame(now);
  expect(told).toEqual([0.016, 0.5]);
  end();
  frame(2000);
  expect(told.length).toBe(2);
});
