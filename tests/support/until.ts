import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks, ms: a tenth of what was waited already, within these. */
const PAUSE = { least: 20, most: 200 };

/**
 * Looks again and again until there is something to see.
 *
 * @param look     what is waited for; anything but undefined and false ends the wait
 * @param what     said in the error when it does not come
 * @param patience how long to wait, ms
 */
export async function until<T>(
  look: () => Promise<T | false | undefined> | T | false | undefined,
  what: string,
  patience = 120_000,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    const waited = performance.now() - began;
    if (waited > patience) throw new Error(`waited ${patience} ms for ${what}`);
    await delay(Math.min(PAUSE.most, Math.max(PAUSE.least, waited / 10)));
  }
}
