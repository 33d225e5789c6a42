/** From a comparison under perturbations to its rollouts, and back after the server's end. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shardsOf } from '../../server/experiments/shard.ts';
import { ExperimentStore } from '../../server/experiments/store.ts';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { keepResult, somePlan } from '../support/experiments.ts';
import { endServer, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

it('what is compared under a perturbation is kept, watched to its hash, named, thrown away and had back', {
  timeout: 4 * PATIENCE,
}, async () => {
  const data = await temporaryDirectory();
  const half = new ExperimentStore(data).directory('half');
  const plan = somePlan();
  await half.writePlan(plan);
  for (const { description } of shardsOf(plan).slice(0, 3)) await keepResult(half, description);
  await mkdir(join(data, 'experiments', 'cut-off'));
  await writeFile(join(data, 'experiments', 'cut-off', 'plan.json'), '{');
  const before = await startServer(data);

  const page = await openPage();
  const problems = problemsOf(page);
  await page.goto(`${before.url}?quality=low#tab=compare&t=1&paused`);
  await byId(page, 'compare-rollouts').fill('2');
  for (const lane of [2, 3]) await byId(page, `compare-${lane}`).uncheck();
  await byId(page, 'perturb-add').click();
  await byId(page, 'perturb-0-0-magnitude').fill('40');
  expect(await byId(page, 'perturb-0-problem').textContent()).toContain('0.1 to 20');
  await byId(page, 'perturb-0-0-magnitude').fill('2');
  await byId(page, 'compare-start').click();
  await byId(page, 'robustness-mass=2').waitFor();
  await byId(page, 'compare-experiments').click();
  await byId(page, 'experiment-table').waitFor();
  const address = page.url();

  // Another server knows it as well; a page would complain of the end of its own.
  await page.goto('about:blank');
  await endServer(before, 'SIGTERM');
  const server = await startServer(data);
  await page.goto(address.replace(before.url, server.url));
  await byId(page, 'contender-1-watch').click();
  const rollout = byId(page, 'rollout').first();
  await rollout.waitFor();
  const back = page.url();
  await page.goto(`${await rollout.evaluate((link: HTMLAnchorElement) => link.href)}&speed=4`);
  await page.waitForSelector('[data-testid=recorded][data-kind=same]');

  await page.goto(back);
  expect(await byId(page, 'experiments-damaged').textContent()).toContain('cut-off');
  expect(await byId(page, 'experiment-half-state').textContent()).toBe('interrupted');
  await byId(page, 'experiment-half-open').click();
  await byId(page, 'experiment-hindrance').waitFor();
  await byId(page, 'experiment-rename').click();
  await byId(page, 'experiment-name').fill('by halves');
  await byId(page, 'experiment-name-save').click();
  await byId(page, 'experiment-half-open').filter({ hasText: 'by halves' }).waitFor();
  await byId(page, 'experiment-trash').click();
  await byId(page, 'experiment-half').waitFor({ state: 'detached' });
  await byId(page, 'experiment-undo').click();
  await byId(page, 'experiment-half-open').filter({ hasText: 'by halves' }).waitFor();
  expect(problems).toEqual([]);
});
