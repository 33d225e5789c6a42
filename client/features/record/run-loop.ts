import { act } from './actions.ts';
import { GamepadHand, looksAlike } from './gamepad.ts';
import { GONE } from './hold.ts';
import { listenToKeys } from './keyboard.ts';
import type { RecordStore } from './record-store.ts';

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
  let away = document.hidden;
  let last = now();
  const leave = () => {
    away = true;
    pad.letGo();
    store.hold('away', now());
  };
  const comeBack = () => {
    away = document.hidden;
    last = now();
  };
  window.addEventListener('blur', leave, { signal });
  window.addEventListener('focus', comeBack, { signal });
  // What is under way is kept before the page goes.
  window.addEventListener('pagehide', leave, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.hidden) leave();
      else comeBack();
    },
    { signal },
  );
  const timer = setInterval(() => {
    if (away) return;
    const at = now();
    if (at - last > GONE) {
      pad.letGo();
      store.hold('silence', at);
    }
    last = at;
    readPad(store, pad, at);
    store.tick(at);
  }, INTERVAL);
  const stopKeys = listenToKeys(store);
  void store.open();
  return () => {
    clearInterval(timer);
    stopKeys();
    abort.abort();
    pad.letGo();
    store.take()?.letGo(now());
    store.showPad(null);
  };
}

function readPad(store: RecordStore, pad: GamepadHand, now: number): void {
  const { times, moving, actions, seen, gone } = pad.take(navigator.getGamepads?.() ?? [], now);
  if (!looksAlike(seen, store.pad.peek())) store.showPad(seen);
  if (gone) store.hold('pad gone', now);
  const take = store.take();
  if (moving && take && take.phase !== 'done') take.nudge(times);
  for (const action of actions) act(store, action);
}
