/** The page of an experiment, opened from a file. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { reportPage } from '../../scripts/report/page.ts';
import { violationsOf } from '../support/audit.ts';
import { openPage, PATIENCE, PHONE, problemsOf } from '../support/browser.ts';
import { someReport } from '../support/reports.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

it.each([
  ['light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['dark, on a phone', { ...PHONE, colorScheme: 'dark' }],
] as const)(
  'asks for nothing, fits, and can be read by all: %s',
  { timeout: 2 * PATIENCE },
  async (_, screen) => {
    const file = join(await temporaryDirectory(), 'report.html');
    await writeFile(file, reportPage(someReport()));
    const page = await openPage(screen);
    const problems = problemsOf(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    // The page's own policy keeps scripts out; this one is there before it.
    await page.addInitScript({ path: AXE });
    await page.goto(pathToFileURL(file).href);
    expect(asked).toEqual([pathToFileURL(file).href]);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await violationsOf(page)).toEqual([]);
    const [needed, there] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(needed).toBeLessThanOrEqual(there);
    const styled = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
    expect(styled).toBe('1500px');
    expect(problems).toEqual([]);
  },
);
