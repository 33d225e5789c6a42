import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** Training on one core of a machine that has much else to do. */
const TRAINING = 3 * PATIENCE;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

async function visit(prepare: (page: Page) => Promise<unknown> = async () => {}) {
  const page = await openPage();
  const problems = problemsOf(page);
  await prepare(page);
  await page.goto(new URL('pictures', server.url).href);
  return { page, problems };
}

async function numberOf(page: Page, id: string, of: string): Promise<number> {
  const text = await byId(page, id)
    .getAttribute(of, { timeout: 1000 })
    .catch(() => null);
  return text === null ? Number.NaN : Number(text);
}

describe('small cats, trained in the page', { timeout: 2 * TRAINING }, () => {
  it('come out of noise while the loss falls, with one of the reader’s own among them', async () => {
    const { page, problems } = await visit();
    await byId(page, 'live-play').click();
    const first = () => numberOf(page, 'live-loss', 'data-first');
    await until(
      async () => (await numberOf(page, 'live-loss', 'data-loss')) < 0.75 * (await first()),
      'the loss to fall',
      TRAINING,
    );
    // Before any step the reader of cats takes noise for none; it reads beside the training.
    const atFirst = () => numberOf(page, 'live-accepted', 'data-before');
    await until(async () => !Number.isNaN(await atFirst()), 'the reader', TRAINING);
    expect(await atFirst()).toBe(0);

    await byId(page, 'live-own').locator('summary').click();
    await byId(page, 'live-paper').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await byId(page, 'live-caption').fill('a purple cat');
    expect(await byId(page, 'live-caption-note').textContent()).toContain('“purple”');
    await byId(page, 'live-add').click();
    const columns = byId(page, 'live-drawings').locator('figcaption');
    await until(
      async () => (await columns.allTextContents()).includes('a purple cat'),
      'a column of its own',
      TRAINING,
    );

    await byId(page, 'live-play').click();
    const trainer = page.workers().find((worker) => worker.url().includes('live-worker'));
    expect(trainer).toBeDefined();
    let ended = false;
    trainer?.on('close', () => {
      ended = true;
    });
    await byId(page, 'live-play').click();
    // In the middle of it.
    await byId(page, 'to-lesson').click();
    await until(() => ended, 'the worker to end with its page');
    expect(problems).toEqual([]);
  });

  it('are not where WebAssembly computes one number at a time, which is said', async () => {
    const { page, problems } = await visit((page) =>
      page.addInitScript(() => {
        WebAssembly.validate = () => false;
      }),
    );
    await byId(page, 'live-no-simd').waitFor();
    expect(await byId(page, 'live-play').count()).toBe(0);
    expect(await byId(page, 'cat-noised').count()).toBe(1);
    expect(problems).toEqual([]);
  });
});
