import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, openPage, PATIENCE, PHONE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** Training in plain JavaScript, on a machine that has much else to do. */
const TRAINING = 5 * PATIENCE;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

async function visit(
  screen?: BrowserContextOptions,
): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage(screen);
  const problems = problemsOf(page);
  await page.goto(new URL('lesson', server.url).href);
  await byId(page, 'train-steps').waitFor();
  return { page, problems };
}

async function stepsDone(page: Page): Promise<number> {
  return Number(await byId(page, 'train-steps').getAttribute('data-steps'));
}

/** Points in each cloud; empty before any are drawn. */
async function landed(page: Page, kind: 'flow' | 'diffusion'): Promise<number[]> {
  const counts = await page.locator(`[data-testid="landed-${kind}"] b`).allTextContents();
  return counts.map(Number);
}

describe('the lesson, opened for the first time', { timeout: 2 * TRAINING }, () => {
  it('trains by itself until the flow lands on both modes', async () => {
    const { page, problems } = await visit();
    const error = async () =>
      Number.parseFloat((await byId(page, 'error-flow').textContent()) ?? '');
    await until(
      async () => {
        const [left = 0, right = 0] = await landed(page, 'flow');
        return left >= 12 && right >= 12;
      },
      'the flow to land on both modes',
      TRAINING,
    );
    expect(await stepsDone(page)).toBeGreaterThan(20);
    await until(async () => (await error()) < 50, 'the field to come near the exact one', TRAINING);
    const detour = async (kind: string) => Number(await byId(page, `detour-${kind}`).textContent());
    expect(await detour('diffusion')).toBeGreaterThan(3 * (await detour('flow')));
    expect(problems).toEqual([]);
  });

  it('learns a point that the reader drops, by the pointer or by keys', async () => {
    const { page, problems } = await visit();
    await byId(page, 'plane-flow').click({ position: { x: 120, y: 120 } });
    await until(async () => (await landed(page, 'flow')).length === 1, 'a cloud of its own');
    expect(await byId(page, 'target-own').getAttribute('aria-pressed')).toBe('true');
    // Keyboards come from the control before it.
    await byId(page, 'sampler-ddpm').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await until(async () => (await landed(page, 'flow')).length === 2, 'another cloud');
    const before = await stepsDone(page);
    await until(async () => (await stepsDone(page)) > before, 'training to go on', TRAINING);
    await byId(page, 'own-undo').click();
    await until(async () => (await landed(page, 'flow')).length === 1, 'one cloud again');
    expect(problems).toEqual([]);
  });

  it('noises a real demonstration, and measures a policy’s loss by noise level on it', async () => {
    const { page, problems } = await visit();
    // Two cores are few.
    await byId(page, 'train-play').click();
    await byId(page, 'lesson-demonstrate').click();
    await byId(page, 'noising-k').waitFor({ timeout: TRAINING });
    const curve = page.locator('.noising-curve .noisy').first();
    const clean = await page.locator('.noising-curve .clean').first().getAttribute('points');
    expect(await curve.getAttribute('points')).toBe(clean);
    await byId(page, 'noising-k').fill('100');
    expect(await curve.getAttribute('points')).not.toBe(clean);
    expect(Number(await byId(page, 'noising-alpha').textContent())).toBeLessThan(1e-3);
    await byId(page, 'levels-measure').click();
    await byId(page, 'levels-chart').waitFor({ timeout: TRAINING });
    expect(await page.locator('[data-testid="level-bar"]').count()).toBe(10);
    expect(problems).toEqual([]);
  });
});

describe('the lesson on a phone', { timeout: 3 * PATIENCE }, () => {
  it('stays as wide as the screen, in both languages, and leads back to the robot', async () => {
    const { page, problems } = await visit(PHONE);
    for (const language of ['zh', 'en']) {
      await byId(page, `language-${language}`).click();
      expect(await page.evaluate(() => [innerWidth, document.body.scrollWidth])).toEqual([
        390, 390,
      ]);
    }
    const planes = await Promise.all(
      ['diffusion', 'flow'].map((kind) => byId(page, `plane-${kind}`).boundingBox()),
    );
    for (const plane of planes) expect(plane?.width).toBeGreaterThan(300);
    expect(await byId(page, 'to-stage').getAttribute('href')).toBe('../#lang=en');
    expect(problems).toEqual([]);
  });
});
