/** The page that needs no server, on a host of files, below a path of it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { byId, numberIn, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type StaticHost, startStaticHost } from '../support/static-host.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Bytes of all that the first view takes, of a draft: a build in full has 0.7 MB less. */
const FIRST_LOAD = 8_450_000;

let host: StaticHost;
beforeAll(async () => {
  const out = await temporaryDirectory();
  const vite = ['vite', 'build', '--config', 'client/vite.static.config.ts', '--logLevel', 'error'];
  await run('npx', [...vite, '--outDir', out, '--emptyOutDir'], { cwd: ROOT });
  const script = `${ROOT}dist/scripts/build-static.js`;
  await run(process.execPath, [script, '--draft', '--out', out, '--policies', 'l2,diffusion,flow']);
  host = await startStaticHost(out, '/a/blog/stage/');
}, 3 * PATIENCE);

async function visit(hash = ''): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage();
  const problems = problemsOf(page);
  await page.goto(`${host.url}?quality=low${hash}`);
  return { page, problems };
}

it(
  'plays episodes with what lies beside it, and says in place what takes a server',
  async () => {
    const { page, problems } = await visit('#speed=4');
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
    await until(async () => (await numberIn(page, 'count-3-episodes')) > 0, 'an episode');
    expect(host.sent()).toBeLessThan(FIRST_LOAD);
    for (const tab of ['demos', 'train', 'compare', 'record']) {
      await byId(page, `tab-${tab}`).click();
      expect(await byId(page, `needs-server-${tab}`).textContent()).toContain('npm start');
    }
    // What takes no server is there all the while, and no other is offered.
    await byId(page, 'lane-1-take-over').waitFor();
    expect(await byId(page, 'invite-record').count()).toBe(0);
    await byId(page, 'invite-take-over').click();
    await byId(page, 'takeover-go-on').waitFor();
    expect(await byId(page, 'taken-alone').textContent()).toContain('requires the program');
    expect(await byId(page, 'takeover-save').count()).toBe(0);
    await page.keyboard.press('KeyH');
    await byId(page, 'lane-1-take-over').waitFor();
    expect(await byId(page, 'connection').getAttribute('aria-label')).toContain('No server');
    expect(problems).toEqual([]);
  },
  3 * PATIENCE,
);

it(
  'says in a view whose policy the host does not have what is missing, and what to do',
  async () => {
    host.missing.add('policies/flow/weights.bin');
    const { page } = await visit();
    const problem = byId(page, 'lane-3-error');
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/flow\/weights\.bin.*404.*copy the whole folder/);
    host.missing.clear();
    await byId(page, 'lane-3-retry').click();
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  },
  2 * PATIENCE,
);
