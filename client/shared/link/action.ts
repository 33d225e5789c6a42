import { type ReadonlySignal, signal } from '@preact/signals';
import type { ErrorReport } from '../../../server/protocol/index.ts';
import { reportOf } from './connection.ts';

/** Something one can ask for, whether it is under way, and why it last failed. */
export interface Action<A extends unknown[]> {
  readonly busy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ErrorReport | null>;
  /** Does nothing while an earlier call is under way. Never rejects: errors are shown. */
  run(...args: A): Promise<void>;
  clear(): void;
}

/** An error belongs where its button is: each action keeps its own. */
export function createAction<A extends unknown[]>(
  perform: (...args: A) => Promise<unknown>,
): Action<A> {
  const busy = signal(false);
  const error = signal<ErrorReport | null>(null);
  return {
    busy,
    error,
    async run(...args) {
      if (busy.value) return;
      busy.value = true;
      error.value = null;
      try {
        await perform(...args);
      } catch (cause) {
        error.value = reportOf(cause);
      } finally {
        busy.value = false;
      }
    },
    clear() {
      error.value = null;
    },
  };
}
