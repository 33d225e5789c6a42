import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, openPage, PATIENCE, PHONE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

async function visit(hash: string, screen?: Parameters<typeof openPage>[0]) {
  const page = await openPage(screen);
  const problems = problemsOf(page);
  await page.goto(`${server.url}?quality=low${hash}`);
  await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  return { page, problems };
}

/** Controls without a name, and parts of the page that take the keyboard and show nothing of it. */
function nameless(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = 'button, select, input, a[href], [role="slider"], canvas[role], svg[role]';
    return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
      const labels = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
      const texts = [
        control.getAttribute('aria-label'),
        labels ? [...(control.labels ?? [])].map((label) => label.textContent).join() : null,
        labels ? null : control.textContent,
      ];
      if (texts.some((text) => text?.trim())) return [];
      return [control.dataset.testid ?? control.outerHTML.slice(0, 80)];
    });
  });
}

describe('a word of the page', { timeout: 4 * PATIENCE }, () => {
  it('is explained on hover and focus, beside itself, until Escape', async () => {
    const { page, problems } = await visit('#side=why&speed=0.25');
    const word = page.locator('[data-term="ta"]').first();
    const note = byId(page, 'term-note');
    await word.hover();
    await until(async () => (await note.textContent())?.includes('Ta ≤ Tp'), 'the explanation');
    expect(await word.getAttribute('aria-describedby')).toBe(await note.getAttribute('id'));
    const [over, under] = [await word.boundingBox(), await note.boundingBox()];
    if (!over || !under) throw new Error('expected both on the page');
    expect(under.y >= over.y + over.height || under.y + under.height <= over.y).toBe(true);
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'hidden' });

    // Escape has closed the note alone: the next one shows all views.
    await page.keyboard.press('2');
    await word.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await note.waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'hidden' });
    expect(page.url()).toContain('view=2');

    // Before there has been a picture of the note, too.
    await word.evaluate((element: HTMLElement) => {
      element.blur();
      element.focus();
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    });
    await note.waitFor({ state: 'hidden' });
    expect(page.url()).toContain('view=2');
    expect(await nameless(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('has an entry of its own in the glossary, in both languages', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}/glossary/?lang=zh#eta`);
    const entry = page.locator('#eta');
    await entry.waitFor();
    expect(await entry.textContent()).toContain('从 0');
    await until(
      () =>
        page.evaluate(
          () => (document.querySelector('#eta')?.getBoundingClientRect().top ?? -1) < innerHeight,
        ),
      'the entry to be in sight',
    );
    await byId(page, 'language-en').click();
    await until(async () => (await entry.textContent())?.includes('fresh noise'), 'English');
    expect(await nameless(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('a phone', { timeout: 4 * PATIENCE }, () => {
  it('shows one view, turns to the next with a finger, and explains at a tap', async () => {
    const { page, problems } = await visit('#speed=0.25', PHONE);
    expect(await page.locator('.lane-card').count()).toBe(1);
    await byId(page, 'lane-1').waitFor();
    await swipe(page, 300, 60);
    await byId(page, 'lane-2').waitFor();
    await swipe(page, 60, 300);
    await byId(page, 'lane-1').waitFor();
    await byId(page, 'page-all').tap();
    await byId(page, 'lane-3').waitFor();
    await byId(page, 'page-3').tap();
    expect(await page.locator('.lane-card').count()).toBe(1);

    const word = page.locator('.count-label [data-term="contact"]');
    await word.tap();
    const note = byId(page, 'term-note');
    await until(async () => (await note.textContent())?.includes('pressed against'), 'the note');
    const box = await note.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    await word.tap();
    await note.waitFor({ state: 'hidden' });

    await byId(page, 'transport-seed').fill('7');
    await byId(page, 'transport-seed').press('Enter');
    await until(() => page.url().includes('seed=7'), 'the seed');
    expect(await nameless(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

/** One finger across the picture, as the page hears of it. */
async function swipe(page: Page, from: number, to: number): Promise<void> {
  await page.evaluate(
    ([from, to]) => {
      const target = document.querySelector('.stage-canvas canvas');
      if (!target) throw new Error('expected a picture');
      const send = (type: string, clientX: number, touching: boolean) => {
        const finger = new Touch({ identifier: 1, target, clientX, clientY: 340 });
        const touches = touching ? [finger] : [];
        target.dispatchEvent(
          new TouchEvent(type, { bubbles: true, touches, changedTouches: [finger] }),
        );
      };
      send('touchstart', from, true);
      send('touchmove', to, true);
      send('touchend', to, false);
    },
    [from, to] as const,
  );
}
