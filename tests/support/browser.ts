import sparticuz from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Download,
  type Locator,
  type Page,
} from 'playwright-core';
import { onTestFinished } from 'vitest';
import { DRAWN_BY_CPU } from '../../scripts/pictures/drawn-by-cpu.ts';
import { DRAWING, drawSeldom, leaveUndrawn, type Undrawn } from '../../scripts/pictures/in-page.ts';
import { leaveUncompiled } from './shaders.ts';

/** A machine without a GPU draws three moving views slowly, and more slowly while it trains. */
export const PATIENCE = 120_000;

let browser: Promise<Browser> | null = null;
/**
 * Of one test: a page that is left open goes on and takes the next test's time; and this browser, which
 * is one process, does not outlive its last page.
 */
function browserOfTest(): Promise<Browser> {
  if (browser) return browser;
  const launched = launch();
  browser = launched.then(({ wsEndpoint }) => chromium.connect(wsEndpoint));
  onTestFinished(async () => {
    browser = null;
    // To be closed, one process waits for its own page at times, without end.
    await (await launched).kill();
  });
  return browser;
}

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

/** Pixels of a screen a CSS pixel: the CPU that draws them has a quarter of the work at a half. */
const SCALE = 0.5;

/** A phone held upright. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

interface PageOptions {
  /**
   * Most pictures a second; null: as often as the machine can. What is drawn in between takes time from
   * policies, and tells only a test something that acts by what it sees. @default 4
   */
  pictures?: number | null;
  /** Whether views are drawn: not at all, `whileDrawn` alone, or all the time. @default 'never' */
  drawn?: 'never' | 'asked' | 'always';
}

/**
 * A page of a real browser, headless, with WebGL in software; it is closed after the test. All of the
 * page runs, but the pixels of its views and the shaders for them are left out unless asked for: they are
 * most of the work of a page, and most tests read what is written. The audit of accessibility has all
 * shaders compiled, once.
 */
export async function openPage(
  screen: BrowserContextOptions = DESKTOP,
  { pictures = 4, drawn = 'never' }: PageOptions = {},
): Promise<Page> {
  const context = await (await browserOfTest()).newContext({
    deviceScaleFactor: SCALE,
    ...screen,
    locale: 'en-US',
  });
  context.setDefaultTimeout(PATIENCE);
  if (pictures !== null) await context.addInitScript(drawSeldom, 1000 / pictures);
  if (drawn !== 'always') {
    await context.addInitScript(leaveUndrawn, { names: DRAWING, canvasOnly: false });
  }
  if (drawn === 'never') await context.addInitScript(leaveUncompiled);
  return context.newPage();
}

/** Looks at a page whose views move, drawn for as long as that takes. */
export async function whileDrawn<T>(page: Page, look: () => Promise<T>): Promise<T> {
  const want = (wanted: boolean) =>
    page.evaluate((wanted) => {
      const { undrawn } = globalThis as Undrawn;
      if (!undrawn || 'uncompiled' in globalThis)
        throw new Error("expected a page drawn when 'asked'");
      Object.assign(undrawn, { wanted, calls: 0 });
    }, wanted);
  await want(true);
  // A frame is drawn at one go: where one call has been made, all have.
  await page.waitForFunction(() => ((globalThis as Undrawn).undrawn?.calls ?? 0) > 0, undefined, {
    polling: 50,
  });
  const seen = await look();
  await want(false);
  return seen;
}

async function launch(): Promise<{ readonly wsEndpoint: string; kill(): Promise<void> }> {
  const server = await chromium.launchServer({
    host: '127.0.0.1',
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args, ...DRAWN_BY_CPU],
  });
  return { wsEndpoint: server.wsEndpoint(), kill: () => server.kill() };
}

/** Until the page has shown what has come to it so far: clocks and times are written with a picture. */
export function nextPicture(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        // The first one may be under way already.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}

/** What goes wrong in a page, as it happens: exceptions and errors on its console. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return problems;
}

export function byId(page: Page, id: string): Locator {
  return page.locator(`[data-testid="${id}"]`).first();
}

/** The number an element shows. */
export async function numberIn(page: Page, id: string): Promise<number> {
  return Number(await byId(page, id).textContent());
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [height · width · 4], RGBA. */
  readonly data: Uint8Array;
}

/** Side of the square of the page that one pixel of a picture stands for, CSS px. */
const GRAIN = 3;

/** What a part of the page looks like, decoded and made smaller by the browser itself. */
export async function pixelsOf(page: Page, part: Locator): Promise<Pixels> {
  const clip = await part.boundingBox();
  if (!clip) throw new Error('that part of the page is not visible');
  const png = (await page.screenshot({ clip })).toString('base64');
  const wanted = {
    png,
    width: Math.round(clip.width / GRAIN),
    height: Math.round(clip.height / GRAIN),
  };
  const data = await page.evaluate(async ({ png, width, height }) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('this browser has no 2D canvas');
    context.drawImage(bitmap, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    // As text: a list of so many numbers is slow to pass on.
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).split(',')[1]);
      reader.readAsDataURL(new Blob([data]));
    });
  }, wanted);
  return { width: wanted.width, height: wanted.height, data: Buffer.from(data, 'base64') };
}

/** What a part of the page looks like without what is written over it. */
export async function pixelsUnder(page: Page, over: string, part: Locator): Promise<Pixels> {
  const setOpacity = (opacity: string) =>
    page.evaluate(
      ([over, opacity]) => {
        for (const element of document.querySelectorAll<HTMLElement>(over)) {
          element.style.opacity = opacity;
        }
      },
      [over, opacity] as const,
    );
  await setOpacity('0');
  const pixels = await pixelsOf(page, part);
  await setOpacity('');
  return pixels;
}

/** A part of a picture; its edges as shares of the picture's width and height. */
export function cropOf(
  { width, height, data }: Pixels,
  edges: { left: number; right: number; top: number; bottom: number },
): Pixels {
  const [left, right] = [Math.round(edges.left * width), Math.round(edges.right * width)];
  const [top, bottom] = [Math.round(edges.top * height), Math.round(edges.bottom * height)];
  const rows = Array.from({ length: bottom - top }, (_, y) =>
    data.subarray(4 * ((top + y) * width + left), 4 * ((top + y) * width + right)),
  );
  return { width: right - left, height: bottom - top, data: Buffer.concat(rows) };
}

/** Part of the pixels that satisfy a condition on their red, green and blue. */
export function shareOf(
  { data }: Pixels,
  condition: (red: number, green: number, blue: number) => boolean,
): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (condition(data[i], data[i + 1], data[i + 2])) count++;
  }
  return (4 * count) / data.length;
}

/** Part of the pixels that differ visibly between two pictures of one size. */
export function difference(a: Pixels, b: Pixels): number {
  if (a.data.length !== b.data.length) throw new Error('pictures of different sizes');
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const apart = [0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > 24);
    if (apart) count++;
  }
  return (4 * count) / a.data.length;
}

/** What a page had a person save. */
export async function bytesOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return Buffer.concat(parts);
}
