import { beforeAll, expect, it } from 'vitest';
import { byId, numberIn, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
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
  expect(problems).toEqual([]);
});
