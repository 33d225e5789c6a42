import { listenToKeys } from './keyboard.ts';
import type { RecordStore } from './recording.ts';

/** How often it is looked whether a control step is due, ms. */
const INTERVAL = 8;

/**
 * Keeps the recorder going while its view is open: physics by a timer, so that slow drawing does
 * not slow it down, and the clutch, which lets go when the person has gone.
 *
 * @returns stops it
 */
export function runRecorder(store: RecordStore): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const now = () => performance.now() / 1000;
  const letGo = () => store.take()?.letGo(now());
  let away = document.hidden;
  window.addEventListener(
    'blur',
    () => {
      away = true;
      letGo();
    },
    { signal },
  );
  window.addEventListener(
    'focus',
    () => {
      away = document.hidden;
    },
    { signal },
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      away = document.hidden;
      if (away) letGo();
    },
    { signal },
  );
  const timer = setInterval(() => {
    if (!away) store.tick(now());
  }, INTERVAL);
  const stopKeys = listenToKeys(store);
  void store.open();
  return () => {
    clearInterval(timer);
    stopKeys();
    abort.abort();
    letGo();
  };
}
