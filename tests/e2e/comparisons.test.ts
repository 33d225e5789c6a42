import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ComparisonStore } from '../../server/storage/comparison-store.ts';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { comparisonEntry } from '../support/comparison-entry.ts';
import { startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

it(
  'what an earlier server compared is on the page, with what it was asked for',
  async () => {
    const data = await temporaryDirectory();
    const root = join(data, 'comparisons');
    const store = new ComparisonStore(root);
    const older = comparisonEntry(1);
    await store.keep({ ...older, comparison: { ...older.comparison, rollouts: 9, starts: 3 } });
    await store.keep(comparisonEntry(2));
    await writeFile(join(root, 'compare-0000000f.json'), '{}');
    const server = await startServer(data);
    await until(
      () => server.output.stderr.includes('compare-0000000f'),
      'the damaged one to be told',
    );

    const page = await openPage();
    const problems = problemsOf(page);
    await page.goto(`${server.url}?quality=low#tab=compare&speed=0.25`);
    const settings = byId(page, 'comparison-settings');
    await settings.waitFor();
    expect(await settings.textContent()).toMatch(
      /^2026-01-01 \d\d:\d\d · Left or right · 4 rollouts each from 2 starts, seed 100000, Ta = 20$/,
    );
    expect(await byId(page, 'comparison-few-starts').textContent()).toContain('no p below 0.5');
    expect(await byId(page, 'comparison-pair-1').textContent()).toContain(
      '(success, McNemar) · cannot tell yet, about 40 more pairs',
    );
    expect((await byId(page, 'comparison-letters-2').textContent())?.trim()).toBe('a');

    await byId(page, 'compare-earlier').selectOption(older.id);
    await until(
      async () => (await settings.textContent())?.includes('9 rollouts each from 3 starts'),
      'the earlier one',
    );
    await byId(page, 'compare-take-over').click();
    expect(await byId(page, 'compare-rollouts').inputValue()).toBe('9');
    expect(await byId(page, 'compare-starts').getAttribute('placeholder')).toBe('3');
    expect(await byId(page, 'compare-seed').inputValue()).toBe('100000');
    await byId(page, 'compare-take-over').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  },
  5 * PATIENCE,
);
