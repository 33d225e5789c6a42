import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** All of a way takes this long, ms. */
const FILM = 2600;

/** Runs a way from noise to picture, and again from the start where it has ended. */
export function usePlayhead(progress: Signal<number>): {
  readonly playing: boolean;
  play(): void;
  toggle(): void;
  /** Holds it somewhere. */
  hold(at: number): void;
} {
  const playing = useSignal(false);
  const on = playing.value;
  useEffect(() => {
    if (!on) return undefined;
    const from = progress.peek() < 1 ? progress.peek() : 0;
    let began: number | null = null;
    let request = requestAnimationFrame(function step(now) {
      // It may have been held since this frame was asked for.
      if (!playing.peek()) return;
      began ??= now;
      progress.value = Math.min(1, from + (now - began) / FILM);
      if (progress.value < 1) request = requestAnimationFrame(step);
      else playing.value = false;
    });
    return () => cancelAnimationFrame(request);
  }, [on, progress, playing]);
  return {
    playing: on,
    play() {
      progress.value = 0;
      playing.value = true;
    },
    toggle() {
      playing.value = !playing.peek();
    },
    hold(at) {
      playing.value = false;
      progress.value = at;
    },
  };
}

/** Whether its user wants nothing to move by itself. */
export function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
