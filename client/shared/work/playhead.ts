import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** How a position moves from 0 to its end by itself. */
export interface Film {
  /** All of the way takes this long, ms. */
  readonly milliseconds: number;
  /** Where it ends. @default 1 */
  readonly end?: number;
  /** Only whole numbers are shown. @default false */
  readonly whole?: boolean;
  /** How long the end is looked at before it begins again, ms. @default it ends there */
  readonly stay?: number;
  /** It runs from the first. @default false */
  readonly running?: boolean;
}

/** All of the way from noise to data. */
export const SAMPLING_FILM: Film = { milliseconds: 2600 };

/** What moves a position, and holds it. */
export interface Playhead {
  readonly playing: boolean;
  /** From the start. */
  play(): void;
  toggle(): void;
  /** Holds it somewhere. */
  hold(at: number): void;
}

/** Where a film stands so many milliseconds after its start. */
export function filmAt({ milliseconds, end = 1, whole, stay }: Film, elapsed: number): number {
  const inRound = stay === undefined ? elapsed : elapsed % (milliseconds + stay);
  const at = Math.min(end, (end * inRound) / milliseconds);
  return whole ? Math.round(at) : at;
}

/** Plays a position from where it is, or from the start where it has ended. */
export function usePlayhead(position: Signal<number>, film: Film): Playhead {
  const { milliseconds, end = 1, stay } = film;
  const playing = useSignal(film.running ?? false);
  const on = playing.value;
  useEffect(() => {
    if (!on) return undefined;
    const from = position.peek() < end ? (position.peek() / end) * milliseconds : 0;
    let began: number | null = null;
    let request = requestAnimationFrame(function step(now) {
      // It may have been held since this frame was asked for.
      if (!playing.peek()) return;
      began ??= now;
      position.value = filmAt(film, from + now - began);
      if (stay !== undefined || position.value < end) request = requestAnimationFrame(step);
      else playing.value = false;
    });
    return () => cancelAnimationFrame(request);
    // A film is a constant of who plays it.
  }, [on, position, playing]);
  return {
    playing: on,
    play() {
      position.value = 0;
      playing.value = true;
    },
    toggle() {
      playing.value = !playing.peek();
    },
    hold(at) {
      playing.value = false;
      position.value = at;
    },
  };
}

/** Whether its user wants nothing to move by itself. */
export function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
