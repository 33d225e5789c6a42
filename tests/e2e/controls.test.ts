import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, bytesOf, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import {
  type Answering,
  type FakePolicyServer,
  holding,
  startPolicyServer,
} from '../support/policy-server.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
let guest: FakePolicyServer;
/** What the policy server does. */
let answers = true;
beforeAll(async () => {
  const metadata = { fp: { name: 'guest', horizon: 32 } };
  const answering: Answering = (asked) => (answers ? holding(asked, 32) : 'out of memory');
  guest = await startPolicyServer(answering, { metadata });
  const args = ['--policy-server', guest.url, '--policy-server', 'ws://127.0.0.1:1'];
  server = await startServer(await temporaryDirectory(), { args });
});

async function visit(hash: string): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage();
  const problems = problemsOf(page);
  await page.goto(`${server.url}?quality=low#side=closed&${hash}`);
  await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  return { page, problems };
}

const attribute = async (page: Page, id: string, name: string) =>
  (await byId(page, id).getAttribute(name)) ?? '';

describe('what plays', { timeout: 3 * PATIENCE }, () => {
  it('is lit as live while it is, and moved by the keys of a slider', async () => {
    const { page, problems } = await visit('speed=4');
    const lit = () => attribute(page, 'transport-live', 'aria-pressed');
    const now = () => attribute(page, 'scrubber', 'aria-valuenow');
    expect(await lit()).toBe('true');
    // The first frame that arrived: a page that is slow to open misses some.
    const start = async () => Number(await attribute(page, 'scrubber', 'aria-valuemin'));
    await until(async () => Number(await now()) > (await start()) + 1, 'something to look back at');
    await byId(page, 'transport-play').click();
    expect(await lit()).toBe('false');
    await byId(page, 'scrubber').focus();
    await page.keyboard.press('Home');
    await until(async () => Number(await now()) === (await start()), 'the start');
    const secondLater = ((await start()) + 1).toFixed(1);
    await page.keyboard.press('PageUp');
    await until(async () => (await now()) === secondLater, 'a second later');
    await page.keyboard.press('End');
    await until(
      async () => (await now()) === (await attribute(page, 'scrubber', 'aria-valuemax')),
      'the newest moment',
    );
    expect(await lit()).toBe('false');
    await byId(page, 'transport-live').click();
    await until(async () => (await lit()) === 'true', 'live');
    expect(problems).toEqual([]);
  });

  it('waits for late plans where that is asked, as its scheme says, and its times are taken away', async () => {
    // Slow enough for a busy machine to ask for all of it in the first episode.
    const { page, problems } = await visit('speed=0.25&ta=8&policies=l2,,flow:euler:2');
    await byId(page, 'tab-latency').click();
    await byId(page, 'what-if-delay').focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowRight');
    const waits = byId(page, 'latency-3').locator('.waits');
    await waits.first().waitFor({ state: 'attached' });
    expect(page.url()).toContain('scheme=synchronous&delay=4');
    await byId(page, 'what-if-real-time').check();
    await until(async () => (await waits.count()) === 0, 'an arm that goes on');
    expect(page.url()).toContain('scheme=real-time&delay=4');
    expect(await byId(page, 'what-if-unable-1').textContent()).toContain('L2');
    expect(await byId(page, 'what-if-unable-3').count()).toBe(0);
    await until(async () => (await byId(page, 'latency-3-p99').textContent()) !== '–', 'a plan');
    const saving = page.waitForEvent('download');
    await byId(page, 'latency-csv').click();
    const rows = String(await bytesOf(await saving)).split('\r\n');
    expect(rows[0]).toBe('view,policy,episode,step,plan_ms,period_ms,missed');
    expect(rows[1]).toMatch(/^[123],\w+,0,0,\d+\.\d{4},50,[01]$/);
    expect(problems).toEqual([]);
  });

  it('is the episode that its address names, looked back at twice too', async () => {
    // Slow enough for a busy machine to look in before the episode after the next one.
    const { page, problems } = await visit('seed=7&episode=3&speed=2');
    const shown = () => byId(page, 'transport-episode').inputValue();
    const named = () => /[#&]episode=(\d+)/.exec(page.url())?.[1] ?? '0';
    await until(async () => (await shown()) === '4', 'the next episode');
    await until(() => named() === '4', 'it in the address');
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press('r');
      await until(() => named() === '3', 'the episode before in the address');
      expect(await shown()).toBe('3');
    }
    expect(problems).toEqual([]);
  });
});

describe('what the page takes', { timeout: 3 * PATIENCE }, () => {
  it('are numbers within their bounds: others are named, and change nothing', async () => {
    const { page, problems } = await visit('seed=7&speed=0.25');
    const field = byId(page, 'transport-seed');
    await field.fill('99999999999');
    await field.press('Enter');
    const note = await byId(page, 'transport-seed-problem').textContent();
    for (const part of ['from 0 to', '99999999999', '7 stays']) expect(note).toContain(part);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await byId(page, 'transport-play').focus();
    expect(await field.inputValue()).toBe('7');
    expect(page.url()).toContain('seed=7');
    await field.fill('8');
    await field.press('Enter');
    await byId(page, 'transport-seed-problem').waitFor({ state: 'detached' });
    await until(() => page.url().includes('seed=8'), 'the seed that was taken');
    expect(problems).toEqual([]);
  });

  it('are fields of an address that it knows: of others it says what stands', async () => {
    const { page, problems } = await visit('seed=99999999999&camera=under&sead=1&speed=0.25');
    const notes = byId(page, 'link-notes').locator('li');
    expect(await notes.count()).toBe(3);
    const text = (await notes.allTextContents()).join('\n');
    for (const part of ['seed', '99999999999', '4 is used', 'front is used', 'sead']) {
      expect(text).toContain(part);
    }
    await byId(page, 'link-notes-dismiss').click();
    expect(await byId(page, 'link-notes').count()).toBe(0);
    expect(page.url()).not.toMatch(/seed|sead|camera/);
    expect(problems).toEqual([]);
  });

  it('are the keys that stand on its tabs', async () => {
    const { page, problems } = await visit('speed=0.25');
    for (const tab of ['train', 'compare', 'demos']) {
      const printed = await byId(page, `tab-${tab}`).locator('.rail-key').textContent();
      await page.keyboard.press(printed ?? '');
      await byId(page, `panel-${tab}`).waitFor();
    }
    await page.keyboard.press('2');
    await until(
      async () => (await attribute(page, 'lane-2-title', 'aria-pressed')) === 'true',
      'the second view alone',
    );
    expect(problems).toEqual([]);
  });
});

describe('a policy server that the server was started with', { timeout: 3 * PATIENCE }, () => {
  it('acts where it is chosen, and says in its own view that it has no plan', async () => {
    const { page, problems } = await visit('speed=4');
    await byId(page, 'lane-1-choose').click();
    const choice = byId(page, 'lane-1-policy');
    const offered = () => choice.locator('option').allTextContents();
    const gone = 'ws://127.0.0.1:1 · not reachable';
    await until(async () => (await offered()).includes(gone), 'both to be offered');
    expect(await offered()).toContain(`guest · ${guest.url}`);
    await choice.selectOption(guest.url);
    const title = () => byId(page, 'lane-1-title').textContent();
    await until(async () => (await title()) === 'guest', 'its name');
    await until(() => guest.asked.some((asked) => asked.get('fp/step') === 0), 'it to act');
    expect(decodeURIComponent(page.url())).toContain(guest.url);

    answers = false;
    const trouble = byId(page, 'lane-1-trouble');
    await until(async () => (await trouble.count()) > 0, 'what is wrong');
    expect(await trouble.textContent()).toMatch(/gave no plan.*out of memory/);
    expect(await byId(page, 'lane-2-trouble').count()).toBe(0);
    expect(await byId(page, 'transport-live').getAttribute('aria-pressed')).toBe('true');
    answers = true;
    expect(problems).toEqual([]);
  });
});
