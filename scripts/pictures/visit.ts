import { setTimeout as delay } from 'node:timers/promises';
import type { PictureState, Step } from './state.ts';

/** What is used of a place on a page of Playwright's. */
export interface SpotLike {
  click(): Promise<void>;
  focus(): Promise<void>;
  fill(text: string): Promise<void>;
  waitFor(): Promise<void>;
  textContent(): Promise<string | null>;
  first(): SpotLike;
}

/**
 * What is used of a page of Playwright's, which is installed for development alone and therefore named
 * nowhere in what is built.
 */
export interface PageLike {
  readonly keyboard: {
    press(key: string): Promise<void>;
    down(key: string): Promise<void>;
    up(key: string): Promise<void>;
  };
  goto(url: string): Promise<unknown>;
  locator(selector: string): SpotLike;
}

/** Between two looks at a number, ms. */
const PAUSE = 100;
/** Longest wait for a number, ms. */
const PATIENCE = 120_000;

/**
 * Brings a page into a state.
 *
 * @param url   of the server
 * @param query what else the address asks for: "quality=low"
 * @param endServer what ends the server
 * @throws what Playwright throws where something does not come
 */
export async function visit(
  page: PageLike,
  state: PictureState,
  { url, query = '', endServer }: { url: string; query?: string; endServer(): Promise<void> },
): Promise<void> {
  // A changed '#' alone would not load anything: what was open before would stay.
  await page.goto('about:blank');
  await page.goto(addressOf(state.path, url, query));
  for (const step of state.steps) await take(page, step, endServer);
}

/** The path with the query before its '#'. */
function addressOf(path: string, url: string, query: string): string {
  const address = new URL(path, url);
  for (const [key, value] of new URLSearchParams(query)) address.searchParams.set(key, value);
  return address.href;
}

async function take(page: PageLike, step: Step, endServer: () => Promise<void>): Promise<void> {
  const spot = (testid: string) => page.locator(`[data-testid="${testid}"]`).first();
  if ('click' in step) await spot(step.click).click();
  else if ('focus' in step) await spot(step.focus).focus();
  else if ('term' in step) await page.locator(`[data-term="${step.term}"]`).first().click();
  else if ('fill' in step) await spot(step.fill).fill(step.with);
  else if ('see' in step) await page.locator(step.see).first().waitFor();
  else if ('clock' in step) await reach(spot('transport-time'), step.clock - 0.05);
  else if ('end' in step) await endServer();
  else if ('hold' in step) {
    const count = spot(step.until);
    const before = await numberIn(count);
    await page.keyboard.down(step.hold);
    await reach(count, before + step.grows);
    await page.keyboard.up(step.hold);
  } else {
    for (let i = 0; i < (step.times ?? 1); i++) await page.keyboard.press(step.press);
  }
}

async function numberIn(spot: SpotLike): Promise<number> {
  return Number(await spot.textContent());
}

async function reach(spot: SpotLike, least: number): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const now = await numberIn(spot);
    if (now >= least) return;
    if (performance.now() > deadline) {
      throw new Error(`pictures: expected ${least} within ${PATIENCE} ms, got ${now}`);
    }
    await delay(PAUSE);
  }
}
