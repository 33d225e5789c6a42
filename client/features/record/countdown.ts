/** Seconds between the start and the first control step that is recorded. */
export const COUNTDOWNS = [0, 3] as const;
export type Countdown = (typeof COUNTDOWNS)[number];

/** Where a browser remembers what somebody chose. */
export interface CountdownMemory {
  read(): Countdown;
  write(seconds: Countdown): void;
}

const KEY = 'forking-paths/countdown';

export const browserCountdown: CountdownMemory = {
  read() {
    try {
      const seconds = Number(localStorage.getItem(KEY));
      return COUNTDOWNS.find((each) => each === seconds) ?? 0;
    } catch {
      // Storage is forbidden.
      return 0;
    }
  },
  write(seconds) {
    try {
      localStorage.setItem(KEY, String(seconds));
    } catch {
      // Forbidden or full: it holds for this page.
    }
  },
};
