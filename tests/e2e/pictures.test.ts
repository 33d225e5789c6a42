import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, nextPicture, openPage, PATIENCE, PHONE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { untrainedPainter } from '../support/untrained-painter.ts';

let server: ServerProcess;
beforeAll(async () => {
  const data = await temporaryDirectory();
  const painter = join(data, 'tiny.safetensors');
  await writeFile(painter, untrainedPainter('flow'));
  server = await startServer(data, { args: ['--painter', painter] });
});

async function visit(
  screen?: BrowserContextOptions,
): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage(screen);
  const problems = problemsOf(page);
  await page.goto(new URL('pictures/', server.url).href);
  await byId(page, 'cat-noised').waitFor();
  return { page, problems };
}

/** The pixels of a canvas, which is drawn after a picture, as a text that differs where any of them does. */
async function pixelsIn(page: Page, testid: string): Promise<string> {
  await nextPicture(page);
  return byId(page, testid).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

describe('the page of pictures', { timeout: 2 * PATIENCE }, () => {
  it('makes a picture of a caption, step by step, and names a word it has never learnt', async () => {
    const { page, problems } = await visit();
    const told = byId(page, 'picture-told');
    await told.waitFor();
    await byId(page, 'picture-scrub').fill('0');
    expect(await byId(page, 'picture-where').textContent()).toBe('step 0 of 20 · τ = 0.00');
    const noise = await pixelsIn(page, 'picture-noised');
    await byId(page, 'picture-scrub').fill('20');
    const picture = await pixelsIn(page, 'picture-noised');
    expect(picture).not.toBe(noise);
    expect(await pixelsIn(page, 'picture-estimate')).toBe(picture);

    await byId(page, 'caption').fill('a mauve cat in a party hat');
    expect(await byId(page, 'caption-unknown').textContent()).toMatch(/: mauve$/);
    await byId(page, 'caption').press('Enter');
    await until(async () => (await told.textContent())?.includes('mauve'), 'another picture');
    const words = await page
      .locator('[data-testid="gaze"]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-word')));
    expect(words).toEqual(['a', 'mauve', 'cat', 'in', 'a', 'party', 'hat']);

    await byId(page, 'caption').fill('a red green cat');
    expect(await byId(page, 'caption-contradiction').textContent()).toMatch(/expected one colour/);
    expect(await byId(page, 'picture-draw').isDisabled()).toBe(true);
    expect(problems).toEqual([]);
  });

  it('stays as wide as a phone in both languages, and noises a cat without a server', async () => {
    const { page, problems } = await visit(PHONE);
    for (const language of ['zh', 'en']) {
      await byId(page, `language-${language}`).click();
      await page.locator(`html[lang^=${language}]`).waitFor({ state: 'attached' });
      await nextPicture(page);
      expect(await page.evaluate(() => [innerWidth, document.body.scrollWidth])).toEqual([
        390, 390,
      ]);
    }
    await byId(page, 'cat-noise-k').fill('0');
    const clean = await pixelsIn(page, 'cat-noised');
    await byId(page, 'cat-noise-k').fill('1000');
    expect(await pixelsIn(page, 'cat-noised')).not.toBe(clean);
    expect(Number(await byId(page, 'cat-noise-alpha').textContent())).toBeLessThan(1e-6);
    expect(problems).toEqual([]);
  });
});
