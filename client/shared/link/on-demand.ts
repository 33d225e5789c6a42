import { type ReadonlySignal, signal } from '@preact/signals';
import { type Action, createAction } from './action.ts';

/** Something in a file of its own, fetched when it is first needed. */
export interface OnDemand<T> extends Pick<Action<[]>, 'error'> {
  /** Null until it is there. In an object: a signal would take a component for how to compute it. */
  readonly part: ReadonlySignal<{ readonly value: T } | null>;
  /** Once, however often it is asked for. Never rejects: errors are shown. */
  fetch(): Promise<void>;
}

/** @param load an `import()`, of which the browser keeps what came */
export function onDemand<T>(load: () => Promise<T>): OnDemand<T> {
  const part = signal<{ readonly value: T } | null>(null);
  const { run, error } = createAction(async () => {
    part.value ??= { value: await load() };
  });
  return { part, error, fetch: run };
}

/** The browser has nothing to do at the moment. Safari does not say when that is. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 200);
  });
}

/** Not every browser says whether its user counts bytes. */
interface Saving {
  readonly connection?: { readonly saveData?: boolean };
}

/**
 * Fetches what may be opened next, one part after another and each in an idle moment, so that it is
 * there when it is. The first that fails is the last, as a browser remembers of each that it could not
 * be had; and nothing is fetched for somebody who counts bytes.
 */
export async function fetchAhead(
  parts: readonly Pick<OnDemand<unknown>, 'fetch' | 'error'>[],
  { pause = idle, browser = navigator as Saving } = {},
): Promise<void> {
  if (browser.connection?.saveData) return;
  for (const part of parts) {
    await pause();
    await part.fetch();
    if (part.error.value) return;
  }
}
