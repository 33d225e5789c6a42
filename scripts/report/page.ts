import { createHash } from 'node:crypto';
import { type ExperimentPlan, experimentId } from '../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../server/experiments/report.ts';
import { element, Markup } from './markup.ts';
import type { Pictured } from './pictures.ts';
import { askedSection } from './sections/asked.ts';
import { curvesSection } from './sections/curves.ts';
import { frontSection } from './sections/front.ts';
import { madeSection } from './sections/made.ts';
import { offsetsSection } from './sections/offsets.ts';
import { robustnessSection } from './sections/robustness.ts';
import { seedsSection } from './sections/seeds.ts';
import { type ReplayPlaces, sheetSection } from './sections/sheet.ts';
import { successSection } from './sections/success.ts';
import { tableSection } from './sections/table.ts';
import { verdictsSection } from './sections/verdicts.ts';
import { STYLE } from './style.ts';
import type { FrontTimes } from './times.ts';

/** All that a page says. */
export interface ReportContent {
  readonly plan: ExperimentPlan;
  readonly report: ExperimentReport;
  /** What ran the networks. */
  readonly engine: string;
  /** Largest difference that counts as none, δ; null where none does. */
  readonly within: number | null;
  readonly pictures: readonly Pictured[];
  /** Of plans on the machine that made the report; null where nobody asked. */
  readonly times: FrontTimes | null;
  readonly places: ReplayPlaces;
}

/** The report as one page of HTML that loads nothing, runs nothing and may load nothing. */
export function reportPage(content: ReportContent): string {
  const { plan, report, engine, within, pictures, times, places } = content;
  const { task, rollouts, contenders } = plan;
  const title = `${contenders.length} ${contenders.length === 1 ? 'contender' : 'contenders'} in ${task}, ${rollouts} rollouts each`;
  const parts: readonly (readonly [id: string, title: string, part: Markup | null])[] = [
    ['asked', 'What was asked', askedSection(plan, report)],
    ['table', 'What came of it', tableSection(plan, report)],
    ['success', 'Success', successSection(report)],
    ['curves', 'Along the axes', curvesSection(report)],
    ['offsets', 'Where they pass', offsetsSection(plan, report)],
    ['front', 'What network calls buy', frontSection(report, times)],
    ['seeds', 'What the seed of training makes', seedsSection(report)],
    ['robustness', 'What perturbations do', robustnessSection(report)],
    ['verdicts', 'Who is told apart', verdictsSection(report, within)],
    ['rollouts', 'Rollouts from above', sheetSection(plan, pictures, places)],
    ['made', 'How it was made', madeSection(plan, engine)],
  ];
  const shown = parts.filter(([, , part]) => part !== null);
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(STYLE) }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'referrer', content: 'no-referrer' }),
      element('title', {}, title),
      style(),
    ),
    element(
      'body',
      {},
      element(
        'header',
        {},
        element('h1', {}, title),
        element(
          'p',
          { class: 'under' },
          `Forking Paths ${plan.code.version} · experiment ${experimentId(plan).slice(0, 12)} · ${engine}`,
        ),
        element(
          'nav',
          { 'aria-label': 'Parts of the report' },
          element(
            'ul',
            {},
            shown.map(([id, name]) => element('li', {}, element('a', { href: `#${id}` }, name))),
          ),
        ),
      ),
      element(
        'main',
        {},
        shown.map(([, , part]) => part),
      ),
    ),
  );
  return `<!doctype html>\n${page.text}\n`;
}

/** The style sheet is the program's own, and text that HTML does not read entities in. */
function style(): Markup {
  return element('style', {}, new Markup(STYLE));
}

/** No script, no request, no frame, no form: this style alone. */
function policyOf(sheet: string): string {
  const digest = createHash('sha256').update(sheet).digest('base64');
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
}
