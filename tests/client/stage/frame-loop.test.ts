import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FrameLoop } from '../../../client/stage/frame-loop.ts';

/** When the screen can take frames: every 16 ms, but not while one of `cost` ms is being drawn. */
let cost: number;
let busyUntil: number;
beforeEach(() => {
  vi.useFakeTimers();
  cost = 0;
  busyUntil = 0;
  vi.stubGlobal('requestAnimationFrame', (then: (now: number) => void) => {
    const at = Math.max(busyUntil, Date.now() + 16);
    return setTimeout(() => then(Date.now()), at - Date.now());
  });
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function loopOf(moving: () => boolean): { loop: FrameLoop; frames: number[] } {
  const frames: number[] = [];
  const loop = new FrameLoop((now) => {
    frames.push(now);
    busyUntil = now + cost;
    return moving();
  });
  return { loop, frames };
}

it('draws nothing until it is asked to, then once, then while something moves', () => {
  let moving = false;
  const { loop, frames } = loopOf(() => moving);
  vi.advanceTimersByTime(1000);
  expect(frames).toHaveLength(0);
  loop.invalidate();
  loop.invalidate();
  vi.advanceTimersByTime(1000);
  expect(frames).toHaveLength(1);
  moving = true;
  loop.invalidate();
  vi.advanceTimersByTime(1600);
  expect(frames.length).toBeGreaterThan(90);
});

it.each([
  [10, 50],
  [100, 200],
  [2000, 2250],
])('with a period rests after a frame of %d ms, and draws every %d ms or so', (took, every) => {
  cost = took;
  const { loop, frames } = loopOf(() => true);
  loop.setPeriod(50);
  loop.invalidate();
  vi.advanceTimersByTime(20 * every);
  const gaps = frames.slice(1).map((at, i) => at - frames[i]);
  expect(gaps.length).toBeGreaterThan(10);
  for (const gap of gaps) expect(Math.abs(gap - every)).toBeLessThan(40);
});

it('with a period answers at once after a pause, and forgets nothing that came while it rested', () => {
  const { loop, frames } = loopOf(() => false);
  loop.setPeriod(50);
  loop.invalidate();
  vi.advanceTimersByTime(5000);
  expect(frames).toHaveLength(1);
  const asked = Date.now();
  loop.invalidate();
  vi.advanceTimersByTime(20);
  expect(frames[1] - asked).toBeLessThan(20);
  loop.invalidate();
  vi.advanceTimersByTime(100);
  expect(frames).toHaveLength(3);
});

it('stops', () => {
  const { loop, frames } = loopOf(() => true);
  loop.setPeriod(50);
  loop.invalidate();
  vi.advanceTimersByTime(200);
  loop.stop();
  const { length } = frames;
  vi.advanceTimersByTime(1000);
  expect(frames).toHaveLength(length);
});

it('draws at once what is due and asked for within a frame, without a rest', () => {
  cost = 100;
  const { loop, frames } = loopOf(() => false);
  loop.setPeriod(50);
  loop.drawNow(Date.now());
  expect(frames).toHaveLength(0);
  loop.invalidate();
  loop.drawNow(Date.now());
  expect(frames).toHaveLength(1);
  vi.advanceTimersByTime(110);
  // It would rest now for as long as the frame took.
  loop.invalidate();
  loop.drawNow(Date.now());
  expect(frames).toHaveLength(2);
  vi.advanceTimersByTime(1000);
  expect(frames).toHaveLength(2);
});

it('says when a frame is due, and when the picture is what it is to be', () => {
  let moving = true;
  const told: boolean[] = [];
  const loop = new FrameLoop(
    () => moving,
    (due) => told.push(due),
  );
  loop.invalidate();
  loop.invalidate();
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(200);
  expect(told).toEqual([true]);
  moving = false;
  vi.advanceTimersByTime(200);
  expect(told).toEqual([true, false]);
  loop.invalidate();
  loop.stop();
  expect(told).toEqual([true, false, true, false]);
});
