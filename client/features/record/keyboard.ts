import { act } from './actions.ts';
import type { Move } from './clutch.ts';
import type { RecordAction } from './record-action.ts';
import type { RecordStore } from './record-store.ts';

/** By place on the keyboard, so that they lie together on any layout. */
const MOVE_KEYS: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  KeyA: 'left',
  ArrowRight: 'right',
  KeyD: 'right',
  ArrowUp: 'away',
  KeyW: 'away',
  ArrowDown: 'near',
  KeyS: 'near',
  PageUp: 'up',
  KeyE: 'up',
  PageDown: 'down',
  KeyQ: 'down',
};

/** What else keys do; some of them only once the attempt is done, where they move nothing. */
const ACTION_KEYS: Readonly<Record<string, RecordAction>> = {
  Escape: 'discard',
  KeyR: 'redo',
  KeyU: 'undo',
  KeyN: 'save',
  KeyF: 'save-failed',
  KeyH: 'go-on',
  Enter: 'enter',
  NumpadEnter: 'enter',
  Space: 'grip',
};

const DONE_KEYS: Readonly<Record<string, RecordAction>> = {
  ArrowRight: 'save',
  ArrowLeft: 'redo',
};

/**
 * Moves the recorder's hand by keys for as long as it is listened to.
 *
 * @returns stops listening
 */
export function listenToKeys(store: RecordStore): () => void {
  const abort = new AbortController();
  const { signal } = abort;

  function onDown(event: KeyboardEvent): void {
    const { code, repeat } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) return;
    const take = store.take();
    const at = event.timeStamp / 1000;
    if (event.key === 'Shift') {
      take?.clutch.setSlow(true, at);
      return;
    }
    const done = store.phase.value === 'done';
    const action = (done ? DONE_KEYS[code] : undefined) ?? ACTION_KEYS[code];
    const move = MOVE_KEYS[code];
    // A button or a tab that has the keyboard's focus keeps the keys it answers to.
    if (isControl(event.target) && (action === 'enter' || action === 'grip')) return;
    if (isTab(event.target) && move) return;
    if (action) {
      event.preventDefault();
      // A key still held from the motion before must not decide about the recording.
      if (!repeat) act(store, action);
    } else if (move && take && !done) {
      event.preventDefault();
      if (repeat) return;
      take.clutch.press(move, at);
      // Seen in the next picture, not at the next look at the clock.
      store.tick(at);
    }
  }

  function onUp(event: KeyboardEvent): void {
    const clutch = store.take()?.clutch;
    const at = event.timeStamp / 1000;
    if (event.key === 'Shift') clutch?.setSlow(false, at);
    const move = MOVE_KEYS[event.code];
    if (move) clutch?.release(move, at);
  }

  window.addEventListener('keydown', onDown, { signal });
  window.addEventListener('keyup', onUp, { signal });
  return () => abort.abort();
}

function isTyping(target: EventTarget | null): boolean {
  const fields = 'input:not([type=checkbox]), select, textarea, dialog';
  return target instanceof Element && target.closest(fields) !== null;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, input') !== null;
}

function isTab(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=tab]') !== null;
}
