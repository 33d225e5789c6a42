import type { TableColumn } from './contender-table.ts';

/** Columns that LaTeX prints; a page of paper has no room for all. */
const PRINTED = new Set([
  ...['policy', 'seed', 'sampler', 'NFE', 'Ta', 'scheme', 'd'],
  ...['perturbation', 'success', '95 %', 'letters', 'contact'],
  ...['H(mode)', 'H(mode|start)', 'between modes'],
]);

const HEADS: Readonly<Record<string, string>> = {
  'H(mode)': '$H(m)$',
  'H(mode|start)': '$H(m \\mid s)$',
  Ta: '$T_a$',
  d: '$d$',
  letters: '',
};

/** What LaTeX takes for commands. */
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
};

/** As text of a document. */
export function escapeLatex(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\\{}$&#%_~^–]/g, (character) => SPECIAL[character]);
}

/**
 * The table of contenders for a document that loads booktabs, rules between the policies.
 *
 * @param caption as text
 */
export function latexTable(columns: readonly TableColumn[], caption: string): string {
  const printed = columns.filter(({ head }) => PRINTED.has(head));
  const [policies] = printed;
  const layout = printed.map(({ head, cells }) => (isText(head, cells) ? 'l' : 'r')).join('');
  const row = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`;
  const rows = policies.cells.flatMap((policy, i) => [
    ...(i > 0 && policy !== policies.cells[i - 1] ? ['\\midrule'] : []),
    row(printed.map(({ cells }) => escapeLatex(cells[i]).replace(' \\%', '\\,\\%'))),
  ]);
  return `${[
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${escapeLatex(caption)}}`,
    `\\begin{tabular}{${layout}}`,
    '\\toprule',
    row(printed.map(({ head }) => HEADS[head] ?? escapeLatex(head))),
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')}\n`;
}

function isText(head: string, cells: readonly string[]): boolean {
  return head === 'letters' || !cells.every((cell) => /^[\d.,]|^–$/.test(cell));
}
