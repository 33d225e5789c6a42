import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  byId,
  difference,
  numberIn,
  openPage,
  PATIENCE,
  PHONE,
  pixelsOf,
  problemsOf,
  shareOf,
  whileDrawn,
} from '../support/browser.ts';
import { KeyboardHand } from '../support/keyboard-hand.ts';
import { workspaceWithPair } from '../support/pair.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const LANES = ['1', '2', '3'] as const;
/** Around the post on its left, and where the hand is when it has passed it, m. */
const BESIDE_POST = 0.18;
const TRAVEL_HEIGHT = 0.1;
const GRASP_HEIGHT = 0.026;

let server: ServerProcess;
beforeAll(async () => {
  // Where there are none, looking at demonstrations makes two hundred of them.
  const workspace = await workspaceWithPair();
  server = await startServer(workspace.place.data);
});

/** The page as someone finds it; the machine's software drawing wants the light picture. */
async function visit(
  hash = '',
  ...screen: Parameters<typeof openPage>
): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await openPage(...screen);
  const problems = problemsOf(page);
  await page.goto(`${server.url}?quality=low${hash}`);
  await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  return { page, problems };
}

describe('the page, opened for the first time', { timeout: 3 * PATIENCE }, () => {
  it('draws three views in which arms act, counts what they reach and says who averages', async () => {
    const { page, problems } = await visit('', undefined, { drawn: 'asked' });
    const lanes = LANES.map((lane) => byId(page, `lane-${lane}`));
    const look = () =>
      whileDrawn(page, () => Promise.all(lanes.map((lane) => pixelsOf(page, lane))));
    const before = await look();
    for (const picture of before) {
      // White arms on a dark ground, and the yellow ball.
      expect(shareOf(picture, (r, g, b) => Math.min(r, g, b) > 150)).toBeGreaterThan(0.02);
      expect(shareOf(picture, (r, g, b) => Math.max(r, g, b) < 90)).toBeGreaterThan(0.3);
      expect(shareOf(picture, (r, g, b) => r > 150 && g > 100 && b < 90)).toBeGreaterThan(5e-4);
    }
    await until(async () => (await numberIn(page, 'count-1-contact')) >= 1, 'L2 to touch the post');
    for (const [lane, policy] of [
      ['2', 'diffusion'],
      ['3', 'flow'],
    ]) {
      await until(
        async () =>
          (await numberIn(page, `count-${lane}-left`)) +
            (await numberIn(page, `count-${lane}-right`)) >=
          1,
        `${policy} to pass the post`,
      );
    }
    const after = await look();
    before.forEach((picture, i) => {
      expect(difference(picture, after[i])).toBeGreaterThan(0.01);
    });

    // Which policy averages and which sample.
    for (const [lane, verdict] of [
      ['1', 'averages the modes'],
      ['2', 'samples a mode'],
      ['3', 'samples a mode'],
    ]) {
      await until(
        async () => (await byId(page, `lane-${lane}-verdict`).textContent()) === verdict,
        `view ${lane} to be said to be one that ${verdict}`,
      );
    }
    expect(problems).toEqual([]);
  });
});

describe('a view of the page', { timeout: 4 * PATIENCE }, () => {
  it('shows whom one chooses, says so in the address, and goes back by the browser', async () => {
    const { page, problems } = await visit();
    const acts = (what: string, calls: string) =>
      until(async () => {
        const [title, nfe] = await Promise.all([
          byId(page, 'lane-3').getAttribute('aria-label'),
          byId(page, 'lane-3-nfe').textContent(),
        ]);
        return title === what && nfe === calls;
      }, `${what} to act with ${calls}`);
    await acts('Flow Matching', '10 calls');

    await byId(page, 'lane-3-choose').click();
    await byId(page, 'lane-3-policy').selectOption('reflow');
    await acts('Reflow', '1 call');
    expect(await byId(page, 'lane-3-sampler').inputValue()).toBe('one-step');
    expect(page.url()).toContain('policies=l2,diffusion,reflow');
    const passed = async () =>
      (await numberIn(page, 'count-3-left')) + (await numberIn(page, 'count-3-right')) >= 1;
    await until(passed, 'reflow to pass the post');

    await page.reload();
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
    await acts('Reflow', '1 call');

    await byId(page, 'lane-3-choose').click();
    await byId(page, 'lane-3-sampler').selectOption('heun');
    await acts('Reflow', '9 calls');
    expect(page.url()).toContain('policies=l2,diffusion,reflow:heun');
    await page.goBack();
    await acts('Reflow', '1 call');
    await page.goBack();
    await acts('Flow Matching', '10 calls');
    expect(page.url()).not.toContain('policies');

    await byId(page, 'lane-2-choose').click();
    await byId(page, 'lane-2-eta').fill('5');
    await until(
      async () => (await byId(page, 'lane-2-choose').textContent()) === 'DDIM · 10 · η 0.5',
      'the fresh noise to be named',
    );
    expect(page.url()).toContain('eta=0,0.5,0');
    expect(problems).toEqual([]);
  });

  it('says why a policy of the address cannot act, and shows another', async () => {
    const { page, problems } = await visit('#policies=l2,no-such-run,flow&speed=0.25');
    await byId(page, 'lane-2-refusal').waitFor();
    expect(await byId(page, 'lane-2-refusal').textContent()).toContain('no-such-run');
    expect(await byId(page, 'lane-2').getAttribute('aria-label')).toBe('Diffusion Policy');
    expect(page.url()).not.toContain('policies');

    // An episode that comes before the page hears of a new address writes the old one again.
    await page.evaluate(() => {
      const before = location.href;
      location.hash = 'policies=l2,reflow,flow&speed=0.25';
      history.replaceState(null, '', before);
    });
    await until(
      async () => (await byId(page, 'lane-2').getAttribute('aria-label')) === 'Reflow',
      'the policy of the new address to act',
    );
    expect(page.url()).toContain('policies=l2,reflow,flow');
    expect(problems).toEqual([]);
  });
});

describe('the page on a phone', { timeout: 3 * PATIENCE }, () => {
  it('stays as wide as the screen while it plays, and its sheets within it', async () => {
    const { page, problems } = await visit('', PHONE);
    await until(
      async () => (await numberIn(page, 'transport-time')) > 1,
      'the head of the scrubber to have moved',
    );
    expect(await page.evaluate(() => [innerWidth, document.body.scrollWidth])).toEqual([390, 390]);
    for (const tab of ['demos', 'train', 'compare', 'latency', 'state']) {
      await byId(page, `tab-${tab}`).click();
      const sheet = await byId(page, `panel-${tab}`).boundingBox();
      expect(sheet).toMatchObject({ x: 0, width: 390 });
      await page.locator('.panel-close').click();
    }
    // What stands beside the recorder elsewhere is shown when it is asked for, and closed alone.
    await byId(page, 'tab-record').click();
    await byId(page, 'record-options').click();
    await byId(page, 'record-count-down').check();
    expect(await byId(page, 'panel-record').boundingBox()).toMatchObject({ x: 0, width: 390 });
    await byId(page, 'panel-left-close').click();
    expect(await byId(page, 'panel-record').isVisible()).toBe(false);
    expect(await byId(page, 'record-pad-up').isVisible()).toBe(true);
    expect(problems).toEqual([]);
  });
});

describe('a demonstration recorded by keys', { timeout: 5 * PATIENCE }, () => {
  it('is accepted by replay, listed, and trained on until a loss is reported', async () => {
    // As often as the arm takes a command.
    const { page, problems } = await visit('#tab=record', undefined, { pictures: 20 });
    await byId(page, 'record-tcp-x').waitFor();
    const hand = new KeyboardHand(page);
    const [x, y] = await Promise.all([hand.ball('x'), hand.ball('y')]);
    await page.keyboard.press('Enter');
    await hand.move('z', TRAVEL_HEIGHT, 0.02);
    await hand.move('y', BESIDE_POST, 0.02);
    await hand.move('x', x, 0.006);
    await hand.move('y', y, 0.006);
    await hand.move('z', GRASP_HEIGHT, 0.004);
    await hand.grip();
    await hand.lift();
    await byId(page, 'record-save').click();

    const accepted = byId(page, 'record-accepted');
    await accepted.waitFor();
    expect(await accepted.getAttribute('data-mode')).toBe('left');
    const dataset = await byId(page, 'record-dataset').inputValue();

    await byId(page, 'tab-demos').click();
    await byId(page, `dataset-${dataset}`).waitFor();
    expect(await byId(page, `dataset-${dataset}-episodes`).textContent()).toMatch(/^1\b/);

    await byId(page, 'tab-record').click();
    await byId(page, 'record-train').click();
    // Nothing starts before the person says so, who is warned first.
    await byId(page, 'train-concern-few').waitFor();
    expect(await byId(page, 'train-dataset').inputValue()).toBe(dataset);
    expect(await page.locator('[data-testid="runs"] > li').count()).toBe(0);
    await byId(page, 'train-start').click();
    await until(async () => {
      const losses = await page.locator('[data-testid$="-loss"]').allTextContents();
      return losses.some((loss) => Number(loss) > 0);
    }, 'a run to report its loss');
    await page.locator('[data-testid^="run-"][data-testid$="-stop"]').first().click();
    expect(problems).toEqual([]);
  });
});

describe('a browser without WebAssembly', { timeout: 2 * PATIENCE }, () => {
  it('is told so where one would record, and shows all else', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
    });
    await page.goto(`${server.url}?quality=low#speed=0.25`);
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
    await byId(page, 'tab-record').click();
    await byId(page, 'record-problem').waitFor();
    expect(await byId(page, 'record-problem').textContent()).toContain('no WebAssembly');
    await byId(page, 'tab-demos').click();
    await byId(page, 'lane-1').waitFor();
    expect(problems).toEqual([]);
  });
});

describe('a panel that cannot be fetched', { timeout: 3 * PATIENCE }, () => {
  it('says so in its place, and is there once the page has been loaded again', async () => {
    const page = await openPage();
    const panel = /\/assets\/compare-panel-/;
    const document = ({ pathname }: URL) => pathname === '/';
    await page.route(panel, (route) => route.abort());
    await page.goto(`${server.url}?quality=low#speed=0.25`);
    await byId(page, 'tab-compare').click();
    await byId(page, 'compare-failed').waitFor();
    expect(await byId(page, 'compare-failed').textContent()).toMatch(/loaded.*compare-panel/s);
    // What else there is opens all the same.
    await byId(page, 'tab-train').click();
    await byId(page, 'train-start').waitFor();
    await byId(page, 'tab-compare').click();
    // Where nothing answers, the page that is there is better than none.
    await page.route(document, (route) => route.abort());
    await byId(page, 'compare-failed-reload').click();
    await byId(page, 'compare-failed-again').waitFor();
    await page.unroute(document);
    await page.unroute(panel);
    await byId(page, 'compare-failed-reload').click();
    await byId(page, 'compare-start').waitFor();
  });
});
