import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { byId, nextPicture, numberIn, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory, workspaceAt } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let data: string;
let server: ServerProcess;
beforeAll(async () => {
  data = await temporaryDirectory();
  server = await startServer(data);
}, PATIENCE);

/** Where a test's pictures go, for whoever wants to look at them. */
const SHOTS = process.env.SHOTS;

it('takes the arm out of a policy’s hand, saves the correction and lets the policy go on', {
  timeout: 5 * PATIENCE,
}, async () => {
  const page = await openPage();
  const problems = problemsOf(page);
  const shot = async (name: string) => {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  };
  await page.goto(`${server.url}?quality=low`);
  await byId(page, 'lane-1-take-over').waitFor();
  const value = () => byId(page, 'scrubber').getAttribute('aria-valuenow');
  await until(async () => Number(await value()) > 0.3, 'some of the episode');
  await byId(page, 'lane-1-take-over').click();
  await byId(page, 'takeover-buttons').waitFor();
  const begun = await numberIn(page, 'record-steps');
  await shot('taken');

  // The person moves the hand up.
  await page.keyboard.down('PageUp');
  await until(async () => (await numberIn(page, 'record-steps')) > begun + 15, 'some steps');
  await page.keyboard.up('PageUp');
  await byId(page, 'takeover-save').click();
  await byId(page, 'record-accepted').waitFor();
  await shot('saved');
  const store = workspaceAt(data).datasets;
  const dataset = await store.open('l2-corrections');
  const [{ intervention, length }] = await dataset.readAll();
  expect([...(intervention ?? [])]).toEqual(Array.from({ length }, (_, t) => (t < begun ? 0 : 1)));

  await page.keyboard.press('KeyH');
  await byId(page, 'lane-1-take-over').waitFor();
  await shot('goes-on');

  // The same with the pointer: the hand is drawn where it is, and offered once it is let go.
  await page.keyboard.press('Space');
  const [x, y] = await until(() => pointAtHand(page), 'a hand under the pointer');
  await page.mouse.down();
  for (let i = 1; i <= 5; i++) await page.mouse.move(x + 10 * i, y - 10 * i);
  const leads = byId(page, 'lane-1-status').and(page.locator('[data-status=led]'));
  await leads.waitFor();
  expect(await byId(page, 'lane-1-futures').isVisible()).toBe(false);
  await shot('held');
  await page.mouse.up();
  await byId(page, 'takeover-buttons').waitFor();
  await shot('let-go');
  await page.keyboard.press('Escape');
  await byId(page, 'lane-1-take-over').waitFor();
  expect(await byId(page, 'lane-1-futures').isVisible()).toBe(true);
  expect(problems).toEqual([]);
});

/** Moves the pointer on to the hand in the first view, if there is one that does not move any more. */
async function pointAtHand(page: Page): Promise<readonly [number, number] | undefined> {
  const place = await handIn(page);
  if (!place) return undefined;
  await page.mouse.move(...place);
  // The views are drawn seldom: what has been found may be where the hand was before the pause.
  await nextPicture(page);
  const again = await handIn(page);
  return again?.[0] === place[0] && again[1] === place[1] ? place : undefined;
}

/** The place in the first view, CSS px, where the pointer says that there is a hand: above the ball. */
function handIn(page: Page): Promise<readonly [number, number] | null> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.stage-canvas canvas');
    if (!canvas) return null;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    for (let y = top; y < top + height; y += 4) {
      for (let x = left; x < left + width / 3; x += 4) {
        const at = { clientX: x, clientY: y, pointerType: 'mouse', bubbles: true };
        canvas.dispatchEvent(new PointerEvent('pointermove', at));
        if (canvas.style.cursor === 'grab') return [x, y + 8] as const;
      }
    }
    return null;
  });
}
