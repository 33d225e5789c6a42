import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutWebGl } from '../../scripts/pictures/in-page.ts';
import {
  byId,
  cropOf,
  numberIn,
  openPage,
  PATIENCE,
  pixelsUnder,
  problemsOf,
  shareOf,
} from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

/** Takes the memory of the views away as a driver that starts anew does, or gives it back. */
function context(page: Page, what: 'loseContext' | 'restoreContext'): Promise<void> {
  return page.evaluate((what) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage-canvas canvas');
    const found = globalThis as { lostContext?: WEBGL_lose_context | null };
    // Of a lost context no extension is to be had.
    found.lostContext ??= canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context') ?? null;
    if (!found.lostContext) throw new Error('expected a WebGL 2 canvas that can be lost');
    found.lostContext[what]();
  }, what);
}

/** Arm and table are drawn in each of so many views side by side, under what is written over them. */
async function isDrawn(page: Page, views: number): Promise<boolean> {
  const over = '.stage-overlay, .stage-problem';
  const picture = await pixelsUnder(page, over, page.locator('.stage-canvas'));
  return Array.from({ length: views }, (_, view) => {
    return cropOf(picture, { left: view / views, right: (view + 1) / views, top: 0, bottom: 1 });
  }).every(
    (part) =>
      shareOf(part, (r, g, b) => Math.min(r, g, b) > 150) > 0.01 &&
      shareOf(part, (r, g, b) => Math.max(r, g, b) > 24) > 0.3,
  );
}

/** What the page says of a lost context is no fault of the page. */
const faults = (problems: readonly string[]) =>
  problems.filter((problem) => !/context (lost|restored)/i.test(problem));

describe('the picture, when its memory is taken away', { timeout: 4 * PATIENCE }, () => {
  it('is missed in words, and drawn again once it is given back: of the views and of the recorder', async () => {
    const page = await openPage(undefined, { drawn: 'always' });
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#side=closed`);
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
    // Of several, each: the last one alone would be drawn where views are not kept apart.
    await loseAndRestore(page, 3);
    await byId(page, 'tab-record').click();
    await byId(page, 'record-overlay').waitFor();
    await loseAndRestore(page, 1);
    expect(faults(problems)).toEqual([]);
  });
});

describe('a browser without WebGL', { timeout: 2 * PATIENCE }, () => {
  it('is told so in the place of the picture, and time passes for all that needs none', async () => {
    const page = await openPage();
    await page.addInitScript(withoutWebGl);
    await page.goto(server.url);
    await byId(page, 'stage-webgl').waitFor();
    await page.waitForSelector('[data-testid=transport-live][aria-pressed=true]');
    await until(async () => (await numberIn(page, 'transport-time')) > 0.5, 'time to pass');
  });
});

async function loseAndRestore(page: Page, views: number): Promise<void> {
  await until(() => isDrawn(page, views), 'the picture');

  await context(page, 'loseContext');
  const message = byId(page, 'stage-picture-lost');
  await message.waitFor();
  expect(await message.getAttribute('role')).toBe('alert');
  expect(await message.textContent()).toContain('Drawing resumes');
  expect(await isDrawn(page, views)).toBe(false);

  await context(page, 'restoreContext');
  await message.waitFor({ state: 'detached' });
  await until(() => isDrawn(page, views), 'the picture to be drawn again');
}
