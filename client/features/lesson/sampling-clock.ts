import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLesson } from './lesson-context.ts';

/** One way from noise to data, and how long the end is looked at, ms. */
const WAY = 2600;
const STAY = 1400;

/** Where a film of the way stands after so many milliseconds, round and round: 0 to 1. */
export function progressAt(milliseconds: number): number {
  const inRound = milliseconds % (WAY + STAY);
  return Math.min(1, inRound / WAY);
}

/** Plays the way from noise to data again and again, until someone takes hold of it. */
export function useSampling(): { running: boolean; toggle(): void; scrub(to: number): void } {
  const { progress } = useLesson();
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const running = useSignal(!still);
  useEffect(() => {
    if (still) progress.value = 1;
  }, [still, progress]);

  const on = running.value;
  useEffect(() => {
    if (!on) return undefined;
    const from = progress.peek() < 1 ? progress.peek() * WAY : 0;
    let began: number | null = null;
    let request = requestAnimationFrame(function step(now) {
      began ??= now;
      progress.value = progressAt(from + now - began);
      request = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(request);
  }, [on, progress]);

  return {
    running: on,
    toggle: () => {
      running.value = !running.value;
    },
    scrub: (to) => {
      running.value = false;
      progress.value = to;
    },
  };
}
