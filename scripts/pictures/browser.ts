import { DRAWN_BY_CPU } from './drawn-by-cpu.ts';
import {
  DRAWING,
  drawSeldom,
  holdable,
  holdGamepad,
  leaveUndrawn,
  PUSHED,
  withoutWebGl,
} from './in-page.ts';
import type { PictureState } from './state.ts';
import { SCREENS } from './state.ts';
import type { PageLike } from './visit.ts';

/** A page that pictures are made of. */
export interface ShotPage extends PageLike {
  screenshot(options: object): Promise<Buffer>;
  evaluate<R, A>(run: (given: A) => R | Promise<R>, given: A): Promise<R>;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
}

interface Context {
  newPage(): Promise<ShotPage>;
  addInitScript(script: () => void): Promise<unknown>;
  addInitScript<A>(script: (given: A) => void, given: A): Promise<unknown>;
  setDefaultTimeout(ms: number): void;
}

interface Browser {
  newContext(options: object): Promise<Context>;
  close(): Promise<void>;
}

/** Of a screenshot: what moves in style sheets has arrived. */
export const SETTLED = { animations: 'disabled' } as const;

/** Pictures a second that a page draws: more take the time of what is to be seen on them. */
const PICTURES = 3;

/**
 * Uses an empty page of the size and kind that a state asks for, in a browser of its own, which goes with
 * it.
 */
export type Opener = <T>(state: PictureState, use: (page: ShotPage) => Promise<T>) => Promise<T>;

/** How long anything may take to appear, ms: a CPU draws slowly. */
const PATIENCE = 90_000;

/** Not as text in an import: what is built must not need what is installed for development alone. */
const DRIVER = 'playwright-core';
const CHROMIUM = '@sparticuz/chromium';

interface Driver {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      args: readonly string[];
      handleSIGINT: boolean;
      handleSIGTERM: boolean;
      handleSIGHUP: boolean;
    }): Promise<Browser>;
  };
}

interface Chromium {
  readonly default: { readonly args: readonly string[]; executablePath(): Promise<string> };
}

/**
 * A Chromium without a window, with WebGL drawn by the CPU; one for each page, as this one, a single
 * process, does not outlive its last page.
 *
 * @param executablePath another than the one installed for the tests
 * @throws Error where the development dependencies are not installed
 */
export async function browsers(executablePath: string | null): Promise<Opener> {
  const { chromium } = await load<Driver>(DRIVER);
  const own = (await load<Chromium>(CHROMIUM)).default;
  const options = {
    executablePath: executablePath ?? (await own.executablePath()),
    args: [...own.args, ...DRAWN_BY_CPU],
    // Who asks this program to end is answered by it, which has servers to end as well.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  };
  return async (state, use) => {
    const browser = await chromium.launch(options);
    try {
      return await use(await blankPage(browser, state));
    } finally {
      await browser.close();
    }
  };
}

async function blankPage(browser: Browser, state: PictureState): Promise<ShotPage> {
  const context = await browser.newContext(contextOf(state));
  context.setDefaultTimeout(PATIENCE);
  await context.addInitScript(holdable, state.heldAt ?? null);
  await context.addInitScript(drawSeldom, 1000 / PICTURES);
  await context.addInitScript(leaveUndrawn, { names: DRAWING, canvasOnly: true });
  await change(context, state);
  return context.newPage();
}

async function load<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new Error(
      `pictures: expected ${name}, a development dependency; run npm ci without --omit=dev`,
      { cause },
    );
  }
}

/** Options of a context for a state, as Playwright takes them. */
function contextOf({ screen = 'desktop', still = false }: PictureState): object {
  const phone = screen === 'phone';
  return {
    viewport: SCREENS[screen],
    deviceScaleFactor: phone ? 2 : 1,
    isMobile: phone,
    hasTouch: phone,
    locale: 'en-US',
    reducedMotion: still ? 'reduce' : 'no-preference',
  };
}

/** What a state's page is to find changed in its browser before it begins. */
export async function change(
  target: Pick<Context, 'addInitScript'>,
  { browser }: PictureState,
): Promise<void> {
  if (browser === 'no WebGL') await target.addInitScript(withoutWebGl);
  if (browser === 'gamepad') await target.addInitScript(holdGamepad, PUSHED);
}
