import type { App } from '../app.ts';
import { startOtherNoise } from '../features/denoise/other-noise.ts';
import { takeOver } from '../features/record/take-over.ts';
import { toggleCurves } from '../features/watch/curves/toggle.ts';
import { seekEvent } from '../features/watch/transport/seek-event.ts';
import { LANES } from '../shared/lanes/lanes.ts';
import { CAMERAS, LEFT_TABS, type LeftTab } from './address/url.ts';

/** A key as events name it, and as the page prints it. */
export interface Key {
  readonly code: string;
  readonly shift?: boolean;
  readonly alt?: boolean;
  readonly label: string;
}

/** What the page does at a key, and under which name the dictionaries tell of it. */
export interface Shortcut {
  readonly name:
    | 'playPause'
    | 'seek'
    | 'seekFar'
    | 'live'
    | 'event'
    | 'next'
    | 'again'
    | 'denoise'
    | 'noise'
    | 'focus'
    | 'all'
    | 'camera'
    | 'takeOver'
    | 'ghosts'
    | 'share'
    | 'curves'
    | 'tabs'
    | 'help';
  readonly keys: readonly Key[];
  /** Also while somebody records. */
  readonly always?: boolean;
  /** @param place of the key among the shortcut's keys */
  run(app: App, place: number): void;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const ALT = isMac ? '⌥' : 'Alt+';
const key = (code: string, label: string): Key => ({ code, label });

/** The key that opens a tab of the work, as it stands on the tab and in the table of keys. */
export function tabKey(tab: LeftTab): Key {
  const digit = String(LEFT_TABS.indexOf(tab) + 1);
  return { code: `Digit${digit}`, alt: true, label: `${ALT}${digit}` };
}

/** As `aria-keyshortcuts` has it. */
export function ariaKey({ code, alt, label }: Key): string {
  return alt ? `Alt+${code.replace('Digit', '')}` : label;
}

/** All keys of the page outside the recorder: what listens and what is printed come from here. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    name: 'playPause',
    keys: [key('Space', '␣')],
    run: ({ player }) => (player.playing.value ? player.pause() : player.play()),
  },
  {
    name: 'seek',
    keys: [key('ArrowLeft', '←'), key('ArrowRight', '→')],
    run: ({ player }, place) => player.nudge(place === 0 ? -0.1 : 0.1),
  },
  {
    name: 'seekFar',
    keys: [
      { code: 'ArrowLeft', shift: true, label: '⇧ ←' },
      { code: 'ArrowRight', shift: true, label: '⇧ →' },
    ],
    run: ({ player }, place) => player.nudge(place === 0 ? -1 : 1),
  },
  {
    name: 'event',
    keys: [key('KeyJ', 'J'), key('KeyK', 'K')],
    run: ({ player, view }, place) => {
      seekEvent(player, place === 0 ? -1 : 1, view.focus.value);
    },
  },
  { name: 'live', keys: [key('KeyL', 'L')], run: ({ player }) => player.live() },
  {
    name: 'next',
    keys: [key('KeyN', 'N')],
    run({ player, session }) {
      player.live();
      session.next();
    },
  },
  { name: 'again', keys: [key('KeyR', 'R')], run: ({ player }) => player.again() },
  {
    name: 'denoise',
    keys: [key('KeyD', 'D')],
    run({ player, view }) {
      if (view.side.value === 'denoise') view.side.value = null;
      else {
        player.pause();
        view.side.value = 'denoise';
      }
    },
  },
  {
    name: 'noise',
    keys: [key('KeyO', 'O')],
    run: (app) => startOtherNoise(app),
  },
  {
    name: 'focus',
    keys: LANES.map((lane) => key(`Digit${lane}`, lane)),
    run({ view }, place) {
      view.focus.value = LANES[place];
    },
  },
  {
    name: 'all',
    keys: [key('Digit0', '0'), key('Escape', 'Esc')],
    run({ view }) {
      view.focus.value = null;
    },
  },
  {
    name: 'camera',
    keys: [key('KeyC', 'C')],
    run({ view }) {
      view.camera.value = CAMERAS[(CAMERAS.indexOf(view.camera.value) + 1) % CAMERAS.length];
    },
  },
  {
    name: 'ghosts',
    keys: [key('KeyG', 'G')],
    run({ view }) {
      view.ghosts.value = !view.ghosts.value;
    },
  },
  {
    name: 'curves',
    keys: [key('KeyV', 'V')],
    run: ({ view }) => toggleCurves(view),
  },
  {
    name: 'share',
    keys: [key('KeyS', 'S')],
    run({ view }) {
      view.sharing.value = true;
    },
  },
  {
    name: 'takeOver',
    keys: [key('KeyH', 'H')],
    run(app) {
      void takeOver(app, app.view.focus.peek() ?? app.session.lanes.peek()[0]);
    },
  },
  {
    name: 'tabs',
    keys: LEFT_TABS.map(tabKey),
    always: true,
    run({ view }, place) {
      view.tab.value = LEFT_TABS[place];
    },
  },
  {
    name: 'help',
    keys: [{ code: '?', label: '?' }],
    always: true,
    run({ view }) {
      view.help.value = !view.help.value;
    },
  },
];

/** A press, as far as it says which shortcut is meant. */
export type Press = Pick<KeyboardEvent, 'code' | 'key' | 'shiftKey' | 'altKey'>;

/** The shortcut that a press means, and the place of its key; null for none. */
export function shortcutOf(press: Press): { shortcut: Shortcut; place: number } | null {
  for (const shortcut of SHORTCUTS) {
    const place = shortcut.keys.findIndex((each) => isPressed(each, press));
    if (place >= 0) return { shortcut, place };
  }
  return null;
}

function isPressed({ code, shift = false, alt = false }: Key, press: Press): boolean {
  if (alt !== press.altKey) return false;
  // Where it lies, and with which others, differs from keyboard to keyboard.
  if (code === '?') return press.key === '?';
  // Of keys that mean something with shift, too, it decides; elsewhere it does not matter.
  const arrow = code.startsWith('Arrow');
  if (arrow && shift !== press.shiftKey) return false;
  // As printed: letters lie elsewhere on other keyboards. By place where those have no such letter.
  const letter = code.startsWith('Key') && /^[a-z]$/i.test(press.key);
  if (letter) return press.key.toUpperCase() === code.slice('Key'.length);
  // A number pad's digits, and those of keyboards that need shift for them.
  const digit = code.startsWith('Digit') && !alt && press.key === code.slice('Digit'.length);
  return press.code === code || digit;
}
