import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** The rules that count: WCAG 2.2 A and AA, and what is good practice beside them. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is wrong with a page for those who do not see it, or not well: "rule: element", none if nothing. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const results = await page.evaluate(
    (options) => {
      const { axe } = globalThis as unknown as {
        axe: { run(of: Document, options: RunOptions): Promise<AxeResults> };
      };
      // What fades in counts as it will stand there.
      for (const animation of document.getAnimations()) {
        const { endTime } = animation.effect?.getComputedTiming() ?? {};
        if (Number.isFinite(Number(endTime))) animation.finish();
      }
      return axe.run(document, options);
    },
    { runOnly: RULES, resultTypes: ['violations'] } satisfies RunOptions,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}

/** In the page: marks what can be focused and is to be seen, but for what arrow keys lead to, until it is. */
function markControls(): number {
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const seen = [...document.querySelectorAll<HTMLElement>(controls)].filter((element) => {
    if (element.tabIndex < 0 || element.matches(':disabled') || element.closest('[inert]')) {
      return false;
    }
    if (element.matches('input[type=radio]:not(:checked)')) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  });
  for (const element of seen) element.dataset.unreached = '';
  // For as long as the page is there.
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) delete target.dataset.unreached;
  });
  return seen.length;
}

/** In the page. */
function unreached(): string[] {
  return [...document.querySelectorAll<HTMLElement>('[data-unreached]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => element.dataset.testid ?? element.outerHTML.slice(0, 120));
}

/** Goes round the page with the Tab key alone: the controls on it that were never focused. */
export async function unreachedByTab(page: Page): Promise<readonly string[]> {
  const controls = await page.evaluate(markControls);
  // What comes meanwhile may take a press too.
  for (let press = 0; press < controls + 12; press++) await page.keyboard.press('Tab');
  return page.evaluate(unreached);
}
