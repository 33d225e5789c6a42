import type { Page } from 'playwright-core';
import { byId, numberIn } from './browser.ts';

type Axis = 'x' | 'y' | 'z';

/** Keys that move the hand along the world's axes, as the front camera shows them. */
const KEYS: Readonly<Record<Axis, { readonly more: string; readonly less: string }>> = {
  x: { more: 'ArrowDown', less: 'ArrowUp' },
  y: { more: 'ArrowRight', less: 'ArrowLeft' },
  z: { more: 'PageUp', less: 'PageDown' },
};

/** The hand goes on for this far after a key is let go, m: fast, and with Shift. */
const COASTING = { fast: 0.03, slow: 0.008 };
/** Corrections of one coordinate; a person needs two or three. */
const TRIES = 12;
/** For a motion with a key down; longer than one across the whole table, ms. */
const HELD = 10_000;

/** Someone who records by keys: looks where the hand is, holds a key, lets go, looks again. */
export class KeyboardHand {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  ball(axis: Axis): Promise<number> {
    return numberIn(this.#page, `record-ball-${axis}`);
  }

  /** Brings one coordinate of the hand to `goal`, m, and waits until the hand rests. */
  async move(axis: Axis, goal: number, tolerance: number): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const rest = goal - (await numberIn(this.#page, `record-tcp-${axis}`));
      if (Math.abs(rest) <= tolerance) return;
      await this.#hold(axis, goal, rest);
      await this.#rest();
    }
    throw new Error(`the hand did not come to ${axis} = ${goal} m in ${TRIES} motions`);
  }

  /** Opens or closes the gripper and waits until it rests. */
  async grip(): Promise<void> {
    await this.#page.keyboard.press('Space');
    await this.#rest();
  }

  /** Lifts until the recording ends by its success. */
  async lift(): Promise<void> {
    await this.#page.keyboard.down(KEYS.z.more);
    await byId(this.#page, 'record-save').waitFor();
    await this.#page.keyboard.up(KEYS.z.more);
  }

  async #hold(axis: Axis, goal: number, rest: number): Promise<void> {
    const { keyboard } = this.#page;
    const key = rest > 0 ? KEYS[axis].more : KEYS[axis].less;
    const slow = Math.abs(rest) < 2 * COASTING.fast;
    const lead = Math.min(slow ? COASTING.slow : COASTING.fast, Math.abs(rest) / 2);
    if (slow) await keyboard.down('Shift');
    await keyboard.down(key);
    const reached = this.#page.waitForFunction(
      ({ id, end, sign }) => {
        const at = Number(document.querySelector(`[data-testid="${id}"]`)?.textContent);
        return sign * (end - at) <= 0;
      },
      { id: `record-tcp-${axis}`, end: goal - Math.sign(rest) * lead, sign: Math.sign(rest) },
      { polling: 10, timeout: HELD },
    );
    // A page that was held up lets go of a key that is down: it is pressed again, from where the hand is.
    await reached.catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    });
    await keyboard.up(key);
    if (slow) await keyboard.up('Shift');
  }

  /** The recorder's clock waits as soon as nothing moves. */
  async #rest(): Promise<void> {
    await this.#page.waitForSelector('[data-testid="record-overlay"][data-phase="waiting"]');
  }
}
