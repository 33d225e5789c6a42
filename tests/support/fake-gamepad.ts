import type { Page } from 'playwright-core';
import { type HeldGamepad, holdGamepad } from '../../scripts/pictures/in-page.ts';

/** A gamepad in the standard mapping that a test holds. */
export interface FakeGamepad {
  /** Plugs it in where it is not, and holds it so. */
  hold(parts: HeldGamepad): Promise<void>;
  pullOut(): Promise<void>;
}

/** Before the page is opened. */
export async function giveGamepad(page: Page): Promise<FakeGamepad> {
  await page.addInitScript(holdGamepad, null);
  return {
    hold: (parts) => page.evaluate(holdGamepad, parts),
    pullOut: () => page.evaluate(holdGamepad, null),
  };
}
