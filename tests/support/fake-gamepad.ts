import type { Page } from 'playwright-core';

/** A gamepad in the standard mapping that a test holds. */
export interface FakeGamepad {
  /** Plugs it in where it is not, and holds it so. */
  hold(parts: {
    readonly x?: number;
    readonly y?: number;
    readonly pressed?: readonly number[];
  }): Promise<void>;
  pullOut(): Promise<void>;
}

/** Before the page is opened. */
export async function giveGamepad(page: Page): Promise<FakeGamepad> {
  await page.addInitScript(() => {
    Object.assign(navigator, { getGamepads: () => Reflect.get(window, 'heldGamepads') ?? [] });
  });
  const hold = (pads: readonly object[]) =>
    page.evaluate((held) => {
      Reflect.set(window, 'heldGamepads', held);
    }, pads);
  return {
    hold: ({ x = 0, y = 0, pressed = [] }) => {
      const buttons = Array.from({ length: 17 }, (_, i) => {
        const down = pressed.includes(i);
        return { pressed: down, value: Number(down) };
      });
      return hold([{ connected: true, mapping: 'standard', axes: [x, y, 0, 0], buttons }]);
    },
    pullOut: () => hold([]),
  };
}
