import type { Distances } from '../../server/painting/appraisal.ts';
import { NUISANCE_NAMES } from '../../server/painting/diversity.ts';
import { formatTable, orDash, percent, range } from '../table.ts';
import type { EvaluatedRow, PictureEvaluation } from './evaluation.ts';

export function describeEvaluation(evaluation: PictureEvaluation): string {
  const { method, size, sampler, rows, trueAgainstTrue, hats, isWhole } = evaluation;
  const drawnBy = sampler ? `${method}, ${sampler.kind}` : method;
  const parts = [
    `${drawnBy}, ${size} × ${size}\n`,
    formatTable(
      [
        'captions',
        'w',
        'pictures',
        'obeyed',
        '95 %',
        'rejected',
        '95 %',
        'same',
        'diversity',
      ].concat(['SW', '1-NN', 'NFE', 'ms', 'alone']),
      rows.flatMap(rowsOf),
    ),
    'of captions that leave several cats:\n',
    formatTable(
      ['captions', 'w', 'pictures', 'obeyed', 'rejected', '95 %', ...NUISANCE_NAMES],
      rows.map((row) => [
        row.group,
        orDash(row.guidance),
        String(row.open.obeyed.n),
        percent(row.open.obeyed.rate),
        percent(row.open.rejected.rate),
        range(row.open.rejected.ci95),
        ...NUISANCE_NAMES.map((name) => number(row.diversity.of[name])),
      ]),
    ),
    ...Object.entries(trueAgainstTrue).map(
      ([group, distances]) => `true against true, ${group}: ${describeDistances(distances)}\n`,
    ),
    ...rows.flatMap(({ reasons, group, guidance }) => {
      const list = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
      const scale = guidance === null ? '' : `, w ${guidance}`;
      return list.length > 0 ? [`rejected, ${group}${scale}: ${list.join(', ')}\n`] : [];
    }),
    ...rows.flatMap(({ shares }) => (shares ? [describeShares(shares)] : [])),
  ];
  if (hats) {
    parts.push(
      `"hat" in ${hats.pictures} pictures: weight ${hats.inside.toFixed(3)} within the hat, ` +
        `${hats.outside.toFixed(3)} outside (${(hats.inside / hats.outside).toFixed(2)} ×); at least ` +
        `twice in ${percent(hats.twice)}\n`,
    );
  }
  if (!isWhole) parts.push('stopped: not all was measured\n');
  return parts.join('');
}

function rowsOf(row: EvaluatedRow): string[][] {
  const { group, guidance, pictures, obeyed, rejected, same, diversity, distances } = row;
  return [
    [
      group,
      orDash(guidance),
      String(pictures),
      percent(obeyed.rate),
      range(obeyed.ci95),
      percent(rejected.rate),
      range(rejected.ci95),
      percent(same.rate),
      number(diversity.mean),
      distances.slicedWasserstein.toFixed(4),
      percent(distances.neighbours.accuracy),
      orDash(row.nfe),
      row.ms === null ? '–' : row.ms.toFixed(0),
      row.msAlone === null ? '–' : row.msAlone.toFixed(0),
    ],
  ];
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

function describeDistances({ slicedWasserstein, neighbours }: Distances): string {
  const { accuracy, first, second } = neighbours;
  return (
    `sliced Wasserstein ${slicedWasserstein.toFixed(4)}, nearest neighbour of the same kind ` +
    `${percent(accuracy)} (${percent(first)}, ${percent(second)})`
  );
}

function describeShares(shares: NonNullable<EvaluatedRow['shares']>): string {
  const gaps = shares.map(({ drawn, data }) => Math.abs(drawn - data));
  return (
    'no caption:\n' +
    formatTable(
      ['attribute', 'value', 'drawn', 'data'],
      shares.map(({ attribute, value, drawn, data }) => [
        attribute,
        value,
        percent(drawn),
        percent(data),
      ]),
    ) +
    `largest difference ${(100 * Math.max(...gaps)).toFixed(1)} points\n`
  );
}
