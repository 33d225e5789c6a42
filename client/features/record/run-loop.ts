import { GamepadHand } from './gamepad.ts';
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
  const pad = new GamepadHand();
  const letGo = () => {
    pad.letGo();
    store.take()?.letGo(now());
  };
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
    if (away) return;
    readPad(store, pad, now());
    store.tick(now());
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

function readPad(store: RecordStore, pad: GamepadHand, now: number): void {
  const { times, moving, grip } = pad.take(navigator.getGamepads?.() ?? [], now);
  const take = store.take();
  if (!take || take.phase === 'done') return;
  if (moving) take.nudge(times);
  if (grip) take.toggleGripper();
}
