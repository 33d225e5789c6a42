import { expect, it } from 'vitest';
import { formatMeasures } from '../../../scripts/experiments/table.ts';
import { contenderTable } from '../../../scripts/report/contender-table.ts';
import { escapeLatex, latexTable } from '../../../scripts/report/latex.ts';
import { somePlan } from '../../support/experiments.ts';
import { someReport } from '../../support/reports.ts';

const { plan, report } = someReport();

/** Cells of the lines that are rows, as a reader of the document sees them. */
function rowsOf(latex: string): string[][] {
  return latex
    .split('\n')
    .filter((line) => line.endsWith('\\\\'))
    .map((line) =>
      line
        .slice(0, -2)
        .split(' & ')
        .map((cell) =>
          cell.trim().replaceAll('\\,\\%', ' %').replaceAll('\\%', '%').replaceAll('--', '–'),
        ),
    );
}

it('has the numbers that a merge prints', () => {
  const measures = report.contenders.map((each) => each.measures);
  const [, , ...lines] = formatMeasures(plan, measures).trimEnd().split('\n');
  const [, ...rows] = rowsOf(latexTable(contenderTable(plan, report), 'x'));
  const numbersOf = (text: string) => text.match(/\d[\d.]*/g) ?? [];
  expect(rows).toHaveLength(plan.contenders.length);
  rows.forEach((row, i) => {
    // A page of paper has no room for the sides and the switches, and merge has no letters.
    const printed = numbersOf(lines[i].replace(/\S+\/\S+/, '').replace(/\S+ %$/, ''));
    expect(numbersOf(row.join(' '))).toEqual(printed);
  });
});

it('is a table of booktabs with as many columns as its layout says', () => {
  const latex = latexTable(contenderTable(plan, report), '50 % of it');
  for (const part of ['\\toprule', '\\midrule', '\\bottomrule', '\\caption{50 \\% of it}']) {
    expect(latex).toContain(part);
  }
  const [, layout = ''] = /\\begin\{tabular\}\{([lr]+)\}/.exec(latex) ?? [];
  for (const row of rowsOf(latex)) expect(row).toHaveLength(layout.length);
});

it('names are text to LaTeX, too', () => {
  expect(escapeLatex('a_b & {50 %} #1 $x$ ~^\\input{x}')).toBe(
    'a\\_b \\& \\{50 \\%\\} \\#1 \\$x\\$ \\textasciitilde{}\\textasciicircum{}\\textbackslash{}input\\{x\\}',
  );
  const [contender] = plan.contenders;
  const named = { ...contender, source: { kind: 'run', id: 'a_b&c' } } as const;
  const content = someReport(somePlan({ contenders: [named] }));
  expect(latexTable(contenderTable(content.plan, content.report), '')).toContain('a\\_b\\&c');
});
