import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byId, numberIn, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { giveGamepad } from '../support/fake-gamepad.ts';
import { connect, type ServerProcess, startServer } from '../support/server.ts';
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

/** Moves the hand up for a while and ends the attempt. */
async function record(page: Page): Promise<void> {
  await page.keyboard.down('PageUp');
  await until(async () => (await numberIn(page, 'record-steps')) > 30, 'some steps');
  await page.keyboard.up('PageUp');
  await page.keyboard.press('Enter');
  await byId(page, 'record-save').waitFor();
}

describe('recording in the task in which one is told which ball', { timeout: 5 * PATIENCE }, () => {
  it('shows both balls, and saves what was told to a dataset of that task', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#task=left-right-colour&tab=record`);
    await byId(page, 'record-green-x').waitFor();
    expect(await byId(page, 'panel-task').getAttribute('data-task')).toBe('left-right-colour');
    await byId(page, 'record-asked').selectOption('green-right');
    expect(await byId(page, 'record-suggestion').getAttribute('data-mode')).toBe('right');
    const sentence = byId(page, 'record-told').locator('q');
    await until(async () => {
      await byId(page, 'record-rephrase').click();
      return (await sentence.count()) > 0;
    }, 'a sentence that says something');
    const told = await sentence.textContent();
    await record(page);

    // Thrown away, and had back.
    const steps = await numberIn(page, 'record-steps');
    await page.keyboard.press('Escape');
    await byId(page, 'record-thrown-away').waitFor();
    await page.keyboard.press('KeyU');
    await byId(page, 'record-save').waitFor();
    expect(await numberIn(page, 'record-steps')).toBe(steps);
    expect(await sentence.textContent()).toBe(told);

    await byId(page, 'record-save').click();
    await byId(page, 'record-accepted').waitFor();
    const dataset = await workspaceAt(data).datasets.open('my-left-right-colour');
    const [demonstration] = await dataset.readAll();
    expect(dataset.info).toMatchObject({ task: 'left-right-colour', episodes: 1 });
    expect(demonstration.initial.instruction).toBe(told);

    // The failed take can be taken out again, and that undone.
    await byId(page, 'tab-demos').click();
    await byId(page, 'dataset-my-left-right-colour-open').click();
    // By keyboard: what is above it may still grow, and move it from under a pointer.
    await byId(page, 'episode-0-remove').press('Enter');
    const episodes = byId(page, 'dataset-my-left-right-colour-episodes');
    const shows = (text: RegExp) =>
      until(async () => text.test((await episodes.textContent()) ?? ''), String(text));
    await shows(/^0/);
    await byId(page, 'dataset-my-left-right-colour-undo').press('Enter');
    await shows(/^1/);
    expect(problems).toEqual([]);
  });
});

describe('a recording by gamepad', { timeout: 5 * PATIENCE }, () => {
  it('holds when that is pulled out, outlives the page, and is kept apart where it failed', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    const shot = async (name: string) => {
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
    };
    const pad = await giveGamepad(page);
    await page.goto(`${server.url}?quality=low#tab=record`);
    await byId(page, 'record-start').waitFor();
    await pad.hold({});
    await byId(page, 'gamepad').waitFor();
    await pad.hold({ x: -1, pressed: [7] });
    await until(async () => (await numberIn(page, 'record-steps')) > 30, 'some steps');
    expect(await byId(page, 'gamepad').getAttribute('data-held')).toBe('stick up');
    await shot('gamepad');
    await pad.pullOut();
    await byId(page, 'record-held').waitFor();
    expect(await byId(page, 'record-held').getAttribute('data-reason')).toBe('pad gone');
    const phase = () => byId(page, 'record-phase').getAttribute('data-phase');
    expect(await phase()).toBe('waiting');
    const steps = await numberIn(page, 'record-steps');
    await shot('pulled-out');

    await page.reload();
    await byId(page, 'record-restored').waitFor();
    expect([await numberIn(page, 'record-steps'), await phase()]).toEqual([steps, 'waiting']);
    await shot('restored');
    await page.keyboard.press('Enter');
    await page.keyboard.press('KeyF');
    await byId(page, 'record-failed-apart').waitFor();
    expect(await phase()).toBe('ready');
    const { datasets } = workspaceAt(data);
    const { info } = await datasets.open('my-left-right-failed');
    expect([info.episodes, info.successes, info.frames]).toEqual([1, 0, steps]);

    // The start of one that is saved is on the map.
    expect(await byId(page, 'start-map').getAttribute('data-starts')).toBe('0');
    await record(page);
    await byId(page, 'record-save').click();
    await page.locator('[data-testid="start-map"][data-starts="1"]').waitFor();
    await shot('start-map');
    expect(problems).toEqual([]);
  });
});

describe('a run', { timeout: 5 * PATIENCE }, () => {
  it('is named, sent, thrown away and had back, and gone on from when its data have grown', async () => {
    const { runs, datasets } = workspaceAt(data);
    const socket = await connect(server.url);
    const page = await openPage();
    const problems = problemsOf(page);
    const ask = (name: string, request: object) =>
      socket.timeout(PATIENCE).emitWithAck(name, request);
    await ask('demos:generate', { episodes: 2, out: 'pair' });
    await until(async () => (await datasets.hashes()).has('pair'), 'demonstrations');
    await until(async () => (await datasets.open('pair')).info.episodes === 2, 'both');
    const { data: run } = await ask('train:start', { policy: 'flow', dataset: 'pair', steps: 2 });
    const { id } = run as { id: string };
    await until(async () => (await runs.read(id)).status === 'done', 'the training');

    await page.goto(`${server.url}?quality=low#tab=train&speed=0.25`);
    await byId(page, `run-${id}-rename`).click();
    await byId(page, `run-${id}-name`).fill('the first');
    await byId(page, `run-${id}-name-save`).click();
    const title = byId(page, `run-${id}-title`);
    await until(async () => (await title.textContent()) === 'the first', 'its name');
    expect(await byId(page, `run-${id}-resume`).count()).toBe(0);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      byId(page, `run-${id}-download`).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${id}.safetensors`);

    await byId(page, `run-${id}-trash`).click();
    await byId(page, `run-${id}-undo`).waitFor();
    expect(await byId(page, `run-${id}`).count()).toBe(0);
    await byId(page, `run-${id}-undo`).click();
    await byId(page, `run-${id}`).waitFor();

    expect(await byId(page, `run-${id}-renew`).count()).toBe(0);
    const pair = await datasets.open('pair');
    await pair.append([(await pair.readAll())[0]]);
    await page.reload();
    await byId(page, `run-${id}-renew`).click();
    await until(
      async () => (await runs.list()).some(({ from }) => from?.source.kind === 'run'),
      'a run from its weights',
    );
    expect(problems).toEqual([]);
  });
});
