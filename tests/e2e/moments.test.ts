import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, bytesOf, nextPicture, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

async function visit(
  hash: string,
  { search = '', ...drawing }: { search?: string; drawn?: 'always' } = {},
): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage(undefined, drawing);
  const problems = problemsOf(page);
  await page.goto(`${server.url}?quality=low${search}#${hash}`);
  await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  return { page, problems };
}

const textOf = async (page: Page, id: string) => (await byId(page, id).textContent()) ?? '';
/** Before the first frame, nothing is live either. */
const standsStill = (page: Page) =>
  until(
    async () => (await byId(page, 'transport-instead').textContent()) === 'Paused',
    'time to stand still',
  );

describe('a link to a moment', { timeout: 4 * PATIENCE }, () => {
  /** What the episode was until then, in each browser that has opened the link. */
  const digests = new Set<string>();

  it.each(['one browser', 'another'])(
    'plays to it in %s, stands still there, and shows the same to the bit',
    async () => {
      const { page, problems } = await visit('seed=7&episode=3&speed=0.25&side=state&t=6&paused');
      // A page that is too slow for its frames is not sent all of them, and says so.
      const digest = await until(async () => {
        await standsStill(page);
        // Texts follow with the next picture.
        await until(
          async () => (await textOf(page, 'transport-time')).trim() === '0.3',
          'the moment',
        );
        await nextPicture(page);
        const told = await textOf(page, 'state-replay');
        if (/^[0-9a-f]{16}$/.test(told)) return told;
        await page.reload();
        return undefined;
      }, 'every frame until the moment');
      expect(await byId(page, 'transport-episode').inputValue()).toBe('3');
      expect(page.url()).toContain('t=6&paused');
      digests.add(digest);
      expect(digests.size).toBe(1);
      expect(problems).toEqual([]);
    },
  );

  it('that the episode never reaches says so in place, within another page too', async () => {
    const { page, problems } = await visit('speed=4&t=4000&paused', { search: '&embed' });
    await standsStill(page);
    // Nor what leads to them.
    expect(await page.locator('.top-bar, .rail, .denoise-button, .take-over').count()).toBe(0);
    const note = await textOf(page, 'link-notes');
    for (const part of ['t:', '“4000”', 'has ended at']) expect(note).toContain(part);
    expect(problems).toEqual([]);
  });
});

it('is taken away as a link, and as a picture of a view', { timeout: 3 * PATIENCE }, async () => {
  const { page, problems } = await visit('side=closed&seed=5', { drawn: 'always' });
  await page.keyboard.press(' ');
  await page.keyboard.press('v');
  await page.waitForSelector('[data-testid=curves] polyline.done', { state: 'attached' });
  await page.keyboard.press('v');
  await page.keyboard.press('s');
  const link = await byId(page, 'share-link').inputValue();
  // On a slow machine the first episode may have ended by then.
  expect(link).toMatch(/#side=closed&seed=5(&episode=\d+)?&t=\d+&paused$/);
  expect(await byId(page, 'share-embed').inputValue()).toContain('?embed#side=closed&amp;seed=5');
  await byId(page, 'share-link-copy').click();
  await until(async () => /Copied|Ctrl/.test(await textOf(page, 'share-link-news')), 'an answer');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    byId(page, 'share-png').click(),
  ]);
  expect(file.suggestedFilename()).toBe('forking-paths-view-1.png');
  const png = await bytesOf(file);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // Arm, table and legend: an empty picture of that size is far smaller.
  expect(png.length).toBeGreaterThan(10_000);
  await page.keyboard.press('Escape');
  await until(async () => (await byId(page, 'share').count()) === 0, 'the sheet to close');
  expect(problems).toEqual([]);
});

it('pages with one address that says so show one stage, which none of them moves on', {
  timeout: 4 * PATIENCE,
}, async () => {
  const address = 'together&view=1&side=closed&policies=l2&speed=4&seed=5';
  const { page: first, problems } = await visit(address);
  const episodeOf = (page: Page) => byId(page, 'transport-episode').inputValue();
  await until(async () => Number(await episodeOf(first)) > 0, 'a later episode');
  const { page: late } = await visit(`${address}&episode=900`);
  await until(async () => (await episodeOf(late)) === (await episodeOf(first)), 'the same episode');
  expect(Number(await episodeOf(late))).toBeLessThan(900);
  expect(await byId(late, 'transport-next').isDisabled()).toBe(true);
  await byId(late, 'transport-together').click();
  await until(async () => byId(late, 'transport-next').isEnabled(), 'a stage of its own');
  expect(late.url()).not.toContain('together');
  expect(problems).toEqual([]);
});
