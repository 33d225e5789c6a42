/** A report's link, opened on the page: whether what is shown is the recorded rollout. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { startManyCli } from '../support/cli.ts';
import { startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** What the page says of the link once it has something to say. */
async function saidOf(page: Page, kind: string): Promise<string> {
  await page.waitForSelector(`[data-testid=recorded][data-kind=${kind}]`);
  return (await byId(page, 'recorded').locator('p').textContent()) ?? '';
}

it('plays each to its hash and says so, and of another hash that this is not it', {
  timeout: 4 * PATIENCE,
}, async () => {
  const data = await temporaryDirectory();
  const server = await startServer(data);
  const { run } = startManyCli();
  const sweep = join(data, 'sweep');
  const grid = ['--rollouts', '2', '--starts', '1', '--seed', '5', '--data', data];
  await run('experiment', 'plan', sweep, '--policies', 'flow:euler:1', ...grid);
  await run('experiment', 'run', sweep, '--data', data, '--processes', '1');
  const page = ['--page', server.url, '--pictures', '2', '--json'];
  const made = await run('experiment', 'report', sweep, '--data', data, ...page);
  const { file, pictures } = JSON.parse(made.stdout);
  expect(pictures).toHaveLength(2);

  const browser = await openPage();
  const problems = problemsOf(browser);
  await browser.goto(pathToFileURL(file).href);
  const links = await browser.locator('a:has-text("Play it on the page")').all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
  for (const [i, address] of addresses.entries()) {
    await browser.goto(`${address}&speed=4`);
    const { start, noise, replayHash } = pictures[i];
    const said = await saidOf(browser, 'same');
    expect(said).toContain(`Start ${start}, noise ${noise}`);
    expect(said).toContain(replayHash);
  }

  const [{ replayHash }] = pictures;
  const forged = 'f'.repeat(16);
  await browser.goto(`${addresses[0]?.replace(replayHash, forged)}&speed=4&lang=zh`);
  const said = await saidOf(browser, 'other');
  for (const hash of [replayHash, forged]) expect(said).toContain(hash);
  // With other noise it is neither, and the way back is a button.
  await browser.evaluate(() => {
    location.hash += '&noise=9';
  });
  await saidOf(browser, 'elsewhere');
  await byId(browser, 'recorded-play').click();
  await saidOf(browser, 'other');
  expect(problems).toEqual([]);
});
