import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../../server/experiments/report.ts';
import { contenderTable, type TableColumn } from '../contender-table.ts';
import { cellOf, folded, headRow, paragraph, rowHead, scrolled, section } from '../figure.ts';
import { element, type Markup } from '../markup.ts';
import { answersOf } from './asked.ts';

/** What came of it in sentences, and the table of all contenders, a body a policy. */
export function tableSection(plan: ExperimentPlan, report: ExperimentReport): Markup {
  const columns = contenderTable(plan, report);
  return section(
    'table',
    'What came of it',
    ...answersOf(report).map((sentence) => paragraph(sentence)),
    scrolled('contenders', 'Table of contenders', tableOf(columns, report)),
    folded('What the columns say', meanings(columns)),
  );
}

function tableOf(columns: readonly TableColumn[], { groups }: ExperimentReport): Markup {
  return element(
    'table',
    {},
    element('caption', {}, 'All contenders'),
    element(
      'thead',
      {},
      headRow(
        columns.map(({ head }) => head),
        columns.map(({ cells }) => cells),
      ),
    ),
    groups.map(({ members }) =>
      element(
        'tbody',
        {},
        members.map((i) => {
          const [name, ...cells] = columns.map((column) => column.cells[i]);
          return element('tr', {}, rowHead(name), cells.map(cellOf));
        }),
      ),
    ),
  );
}

function meanings(columns: readonly TableColumn[]): Markup {
  return element(
    'dl',
    {},
    columns.map(({ head, meaning }) => [element('dt', {}, head), element('dd', {}, meaning)]),
  );
}
