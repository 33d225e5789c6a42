import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  byId,
  openPage,
  PATIENCE,
  PHONE,
  pixelsOf,
  problemsOf,
  shareOf,
  whileDrawn,
} from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
}, PATIENCE);

const ready = (page: Page) =>
  page.waitForSelector('html[data-ready=true]', { state: 'attached', timeout: PATIENCE });
const texts = (page: Page, id: string) => byId(page, id).inputValue();

describe('the task in which one is told which ball', { timeout: 5 * PATIENCE }, () => {
  it('is chosen on the page: balls, a sentence for each episode, and one policy thrice', async () => {
    const page = await openPage(undefined, { drawn: 'asked' });
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low`);
    await ready(page);
    expect(await byId(page, 'tell').count()).toBe(0);
    await byId(page, 'task-left-right-colour').click();
    await until(async () => (await texts(page, 'tell-text')) !== '', 'a sentence');
    expect(page.url()).toContain('task=left-right-colour');
    for (const [lane, scale] of [0, 1, 4].entries()) {
      const chosen = byId(page, `lane-${lane + 1}-guidance-${scale}`);
      expect(await chosen.getAttribute('aria-pressed')).toBe('true');
    }
    // They come with the first frame of the new task, after the sentence.
    await until(async () => {
      const picture = await whileDrawn(page, () => pixelsOf(page, byId(page, 'lane-2')));
      const red = shareOf(picture, (r, g, b) => r > 120 && g < 70 && b < 80);
      const green = shareOf(picture, (r, g, b) => g > 120 && r < 0.7 * g && b < 0.8 * g);
      return red > 3e-4 && green > 3e-4;
    }, 'both balls in view 2');

    await byId(page, 'tell-hand-me-the-red-apple').click();
    expect(await texts(page, 'tell-text')).toBe('hand me the red apple');
    expect(page.url()).toContain('say=hand+me+the+red+apple');
    await byId(page, 'tell-text').fill('hand me the apricot');
    await byId(page, 'tell-text').press('Enter');
    await until(
      async () => (await byId(page, 'tell-unknown').textContent())?.includes('apricot'),
      'the unknown word to be named',
    );
    await byId(page, 'tell-text').fill('please '.repeat(20));
    await byId(page, 'tell-say').click();
    await byId(page, 'tell-error').waitFor();
    await byId(page, 'tell-each').click();
    await byId(page, 'tell-error').waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('say=');

    expect(await byId(page, 'lane-2-attention').count()).toBe(0);
    await byId(page, 'attention').click();
    expect(page.url()).toContain('attention=shown');
    const bars = byId(page, 'lane-2-attention').locator('path');
    await until(async () => (await bars.first().getAttribute('d'))?.includes('H10'), 'ten bars');
    await byId(page, 'attention').click();
    await byId(page, 'lane-2-attention').waitFor({ state: 'detached' });

    await byId(page, 'lane-3-guidance-2').click();
    await until(
      async () => (await byId(page, 'lane-3-nfe').textContent()) === '20 calls',
      'the plans to be guided anew',
    );
    expect(page.url()).toContain('guidance=0,1,2');
    await page.goBack();
    await until(() => page.url().includes('guidance=0,1,4'), 'the scale before');
    await byId(page, 'task-left-right').click();
    await until(
      async () => (await byId(page, 'lane-1').getAttribute('aria-label')) === 'L2 regression',
      'the task of the first visit',
    );
    expect(await byId(page, 'tell').count()).toBe(0);
    expect(page.url()).not.toMatch(/task|guidance|say|policies/);
    expect(problems).toEqual([]);
  });

  it('shows what a policy with a camera sees, in its view alone', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    const policies = 'policies=reading-flow,seeing-flow,reading-flow';
    await page.goto(`${server.url}?quality=low#task=left-right-colour&t=1&paused&${policies}`);
    await ready(page);
    const seen = byId(page, 'lane-2-seen');
    await seen.waitFor({ timeout: PATIENCE });
    expect(await byId(page, 'lane-1-seen').count()).toBe(0);
    const red = (r: number, g: number, b: number) => r > 120 && g < 70 && b < 80;
    const green = (r: number, g: number, b: number) => g > 100 && r < 0.6 * g && b < 0.6 * g;
    await until(async () => {
      const picture = await pixelsOf(page, seen);
      return shareOf(picture, red) > 2e-3 && shareOf(picture, green) > 2e-3;
    }, 'both balls in its picture');
    await byId(page, 'task-left-right').click();
    await seen.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });

  it('lets one place both balls, apart from each other, and take that back', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#task=left-right-colour&side=state&t=1&paused`);
    await ready(page);
    const [redY, greenY] = [byId(page, 'ball-0-y'), byId(page, 'ball-1-y')];
    const numberOf = async (slider: typeof redY) => Number(await slider.inputValue());
    await redY.fill(String(await numberOf(greenY)));
    await byId(page, 'ball-reset').waitFor();
    const places = /ball=([-\d.,]+)/.exec(page.url())?.[1].split(',').map(Number) ?? [];
    expect(places).toHaveLength(4);
    const [x, y, otherX, otherY] = places;
    expect(Math.hypot(x - otherX, y - otherY)).toBeGreaterThanOrEqual(0.11);
    await byId(page, 'ball-reset').click();
    await until(() => !page.url().includes('ball='), 'the seed to place them');
    expect(problems).toEqual([]);
  });

  it('says on a phone what is said, within its width', async () => {
    const page = await openPage(PHONE);
    const problems = problemsOf(page);
    const say = 'say=take+the+green+one+from+the+left';
    await page.goto(`${server.url}?quality=low#task=left-right-colour&t=1&paused&${say}`);
    await ready(page);
    expect(await texts(page, 'tell-text')).toBe('take the green one from the left');
    expect(await page.evaluate(() => [innerWidth, document.body.scrollWidth])).toEqual([390, 390]);
    expect(problems).toEqual([]);
  });
});
