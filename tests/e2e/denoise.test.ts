import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
}, PATIENCE);

const textOf = (page: Page, id: string) => byId(page, id).textContent();

describe('a plan that comes out of noise', { timeout: 5 * PATIENCE }, () => {
  it('is held at the moment that the address names, scrubbed from noise on, and turned until it flips', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#side=denoise&denoise=2@0`);
    const scrub = byId(page, 'denoise-scrub');
    await until(() => scrub.isEnabled(), 'the states of the sampler');
    expect(await textOf(page, 'transport-time')).toBe('0.0');
    expect(await byId(page, 'denoise-moment').getAttribute('data-acted')).toBe('true');

    // Moved by hand it no longer plays by itself.
    await scrub.press('Home');
    expect(await textOf(page, 'denoise-2-at')).toBe('k = 100 · call 1 of 10');
    await until(
      async () => (await textOf(page, 'denoise-3-at')) === 'τ = 0.00 · call 1 of 10',
      'flow beside it',
    );
    await scrub.press('End');
    expect(await textOf(page, 'denoise-2-at')).toContain('k = 0');
    expect(await textOf(page, 'denoise-3-at')).toContain('τ = 1.00');

    const mode = () => byId(page, 'noise-mode').getAttribute('data-mode');
    await until(() => byId(page, 'noise-flip').isEnabled(), 'where the plan flips', PATIENCE);
    await byId(page, 'noise-home').click();
    await until(async () => (await mode()) !== '', 'the plan of the noise that acted');
    const acted = await mode();
    const field = byId(page, 'noise-pad-field');
    await field.focus();
    for (const key of [...Array(11).fill('ArrowRight'), ...Array(11).fill('ArrowLeft')]) {
      if ((await mode()) !== acted) break;
      const said = await field.getAttribute('aria-valuetext');
      await field.press(`Shift+${key}`);
      // At its end it is not turned any further, and the plan of the last place may come then.
      await until(
        async () =>
          (await field.getAttribute('aria-valuetext')) !== said || (await mode()) !== acted,
        'the handle to be turned, or the plan to flip',
      );
      await page.waitForFunction(
        () => document.querySelector('[data-testid="noise-mode"]')?.textContent !== '',
        undefined,
        { polling: 50 },
      );
    }
    await until(async () => (await mode()) !== acted, 'the plan to flip');
    await field.press('Home');
    await until(async () => (await mode()) === acted, 'the plan that acted again');

    await field.press('o');
    await until(() => page.url().includes('noise=1'), 'other noise in the address');
    await until(
      async () => (await textOf(page, 'denoise-number')) === 'noise 1' && scrub.isEnabled(),
      'its first plans, held',
    );
    await byId(page, 'denoise-view-1').click();
    await byId(page, 'denoise-one-answer').waitFor();
    expect(page.url()).toContain('denoise=1');
    await page.keyboard.press('d');
    await byId(page, 'denoise-one-answer').waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('denoise');
    expect(problems).toEqual([]);
  });
});
