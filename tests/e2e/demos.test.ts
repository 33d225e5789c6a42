import { beforeAll, describe, expect, it } from 'vitest';
import { byId, bytesOf, nextPicture, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { temporaryDirectory, workspaceAt } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let data: string;
let server: ServerProcess;
beforeAll(async () => {
  data = await temporaryDirectory();
  const dataset = await workspaceAt(data).datasets.create('pairs', {
    task: 'left-right',
    controlHz: 20,
  });
  const pairs = [1, 2].flatMap((seed) => [
    demonstrateMode('left', seed),
    demonstrateMode('right', seed),
  ]);
  await dataset.append(pairs);
  server = await startServer(data);
}, PATIENCE);

describe('demonstrations', { timeout: 5 * PATIENCE }, () => {
  it('are seen from above, played on the stage by keyboard alone, changed, had back and carried', async () => {
    const { datasets } = workspaceAt(data);
    const page = await openPage();
    const problems = problemsOf(page);
    const undo = async () => {
      await byId(page, 'dataset-pairs-undo').click();
      await byId(page, 'dataset-pairs-undo').waitFor({ state: 'detached' });
    };
    await page.goto(`${server.url}?quality=low#tab=demos`);
    await byId(page, 'dataset-pairs-open').click();
    const map = byId(page, 'path-map');
    await map.locator('canvas').waitFor();

    // The arrow keys of the map choose an episode, Space stops it, Escape gives the stage back.
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await byId(page, 'episode-curves').waitFor();
    expect(await map.getAttribute('aria-valuetext')).toContain('0');
    await byId(page, 'demo-overlay').waitFor();
    const clock = byId(page, 'demo-clock');
    await until(async () => Number(await clock.textContent()) > 0.5, 'the arm to move');
    await page.keyboard.press('Space');
    await nextPicture(page);
    const stopped = await clock.textContent();
    await byId(page, 'curves-joints').click();
    await nextPicture(page);
    expect(await clock.textContent()).toBe(stopped);
    expect(await byId(page, 'look-replayed').textContent()).toContain('same state');

    // Cut where it stands, and undone.
    await page.locator('[data-testid="mend"] summary').click();
    await byId(page, 'mend-trim').click();
    await byId(page, 'dataset-pairs-undo').waitFor();
    expect((await datasets.open('pairs')).episodes[0].success).toBe(false);
    await undo();
    expect((await datasets.open('pairs')).info.successes).toBe(4);

    // One side alone goes; what would be left is said before.
    await byId(page, 'filter-mode-left').click();
    expect(await byId(page, 'mend-balance').textContent()).toContain('2 left, 0 right');
    await byId(page, 'mend-delete').click();
    await byId(page, 'dataset-pairs-undo').waitFor();
    expect((await datasets.open('pairs')).info.modes).toEqual({ left: 2, right: 0 });
    await undo();
    expect((await datasets.open('pairs')).info.episodes).toBe(4);

    await byId(page, 'demo-leave').or(byId(page, 'lane-1')).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      byId(page, 'dataset-pairs-download').click(),
    ]);
    expect(download.suggestedFilename()).toBe('pairs.zip');
    await byId(page, 'demos-bring').setInputFiles({
      name: 'pairs (1).zip',
      mimeType: 'application/zip',
      buffer: await bytesOf(download),
    });
    await byId(page, 'dataset-pairs-1').waitFor();
    const hashes = await datasets.hashes();
    expect(hashes.get('pairs-1')).toBe(hashes.get('pairs'));
    expect(problems).toEqual([]);
  });

  it('say where a policy was trained: a ball beyond it is called so in every view', async () => {
    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#ball=0.62,-0.1&speed=0.25`);
    await byId(page, 'lane-3-outside').waitFor();
    expect(await byId(page, 'lane-1-outside').textContent()).toContain('8 cm');
    expect(problems).toEqual([]);
  });
});
