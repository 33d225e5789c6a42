import type { ExperimentReport } from '../../../server/experiments/report.ts';
import type { Spread } from '../../../server/experiments/training-seeds.ts';
import { meanAndDeviation, percent, range } from '../../table.ts';
import { numbersTable, paragraph, section } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** What the seed of a training makes of its results; nothing where no training has several. */
export function seedsSection({ seeds, contenders, entropy }: ExperimentReport): Markup | null {
  if (seeds.length === 0) return null;
  const ways = entropy === 'conditionalEntropy' ? 'H(mode|start)' : 'H(mode)';
  const decimals = ({ mean, deviation }: Spread) => `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
  return section(
    'seeds',
    'What the seed of training makes',
    paragraph(
      'Runs that were trained alike, on the same data for as long, and differ in their seed alone: of first ' +
        'weights, order of the data and noise. Mean and standard deviation over the seeds; an interval of ' +
        'one run says how well that run is known, the deviation how much another training may differ.',
    ),
    numbersTable('seeds-table', {
      caption: 'Over the seeds, and each of them',
      heads: ['training', 'seed', 'success', 'least to most, or 95 %', ways],
      rows: seeds.flatMap(({ name, seeds: own, members, success, entropy: spread }) => [
        [
          ...[name, own.join(', '), meanAndDeviation(success)],
          ...[range([success.least, success.most]), decimals(spread)],
        ],
        ...members.map((i, k) => {
          const { name: run, measures } = contenders[i];
          return [
            ...[run, String(own[k]), percent(measures.success.rate)],
            ...[range(measures.success.ci95), measures[entropy].toFixed(2)],
          ];
        }),
      ]),
    }),
  );
}
