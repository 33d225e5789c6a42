import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { App } from '../../../client/app.ts';
import { Player } from '../../../client/features/watch/playback/player.ts';
import { LANES } from '../../../client/shared/lanes/lanes.ts';
import { LEFT_TABS } from '../../../client/shell/address/url.ts';
import { createView } from '../../../client/shell/view.ts';
import {
  type Press,
  SHORTCUTS,
  shortcutOf,
  tabKey,
} from '../../../client/shell/watch-shortcuts.ts';

const press = (code: string, key: string, modifiers: Partial<Press> = {}): Press => {
  return { code, key, shiftKey: false, altKey: false, ...modifiers };
};

/** What a press does to a page that is only watched. */
function pressed(at: Press) {
  const view = createView();
  const app = { view, player: new Player(signal(1)) } as unknown as App;
  const found = shortcutOf(at);
  found?.shortcut.run(app, found.place);
  return { view, name: found?.shortcut.name ?? null };
}

describe('the digits on the page', () => {
  it.each(LEFT_TABS)('that stand on the tab %s open it', (tab) => {
    // As it is printed, so it is pressed.
    const [, digit] = /^(?:Alt\+|⌥)(\d)$/.exec(tabKey(tab).label) ?? [];
    const { view } = pressed(press(`Digit${digit}`, digit, { altKey: true }));
    expect(view.tab.value).toBe(tab);
    expect(SHORTCUTS.find(({ name }) => name === 'tabs')?.keys).toContainEqual(tabKey(tab));
  });

  it.each(LANES)('alone show view %s, and open no tab', (lane) => {
    const { view } = pressed(press(`Digit${lane}`, lane));
    expect([view.focus.value, view.tab.value]).toEqual([lane, null]);
  });

  it('are those of a number pad, and of keyboards that need shift for them, too', () => {
    expect(pressed(press('Numpad2', '2')).view.focus.value).toBe('2');
    expect(pressed(press('Digit2', 'é')).view.focus.value).toBe('2');
    expect(pressed(press('Digit2', '2', { shiftKey: true })).view.focus.value).toBe('2');
  });
});

describe('the letters on the page', () => {
  it('are where a keyboard has them, and where others do when it has none', () => {
    const named = (code: string, key: string) => shortcutOf(press(code, key))?.shortcut.name;
    expect(named('KeyP', 'l')).toBe('live');
    expect(named('KeyL', 'n')).toBe('next');
    expect(named('KeyL', 'д')).toBe('live');
  });
});

describe('every key that the table of keys names', () => {
  it.each(SHORTCUTS.flatMap(({ name, keys }) => keys.map((key, place) => ({ name, key, place }))))(
    'does what it says: $key.label',
    ({ name, key, place }) => {
      const character = key.code.replace(/^(Key|Digit)/, '').toLowerCase();
      const found = shortcutOf(
        press(key.code, character, { shiftKey: key.shift ?? false, altKey: key.alt ?? false }),
      );
      expect([found?.shortcut.name, found?.place]).toEqual([name, place]);
    },
  );

  it('is left to the browser where the page has no such key', () => {
    expect(shortcutOf(press('KeyL', 'l', { altKey: true }))).toBeNull();
    expect(shortcutOf(press('F5', 'F5'))).toBeNull();
  });
});
