import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../../server/experiments/report.ts';
import { findTask } from '../../../sim/index.ts';
import { type HistogramFrame, histogramPanel } from '../charts/histogram.ts';
import { plot, section } from '../figure.ts';
import type { Markup } from '../markup.ts';

/** m */
const BIN = 0.01;
const TICK = 0.1;
/** Around what is shown at least, m. */
const LEAST_END = 0.2;
const MOST_END = 0.5;
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Where plans, hands and demonstrators pass the line at which the modes part; nothing where none is known. */
export function offsetsSection(
  { task }: Pick<ExperimentPlan, 'task'>,
  { offsets }: Pick<ExperimentReport, 'offsets'>,
): Markup | null {
  if (!offsets) return null;
  const { demonstrations, groups } = offsets;
  const frame = frameOf(task, [
    ...demonstrations,
    ...groups.flatMap(({ plans, hands }) => [...plans, ...hands]),
  ]);
  return section(
    'offsets',
    'Where they pass',
    plot('offsets', {
      note:
        'How far beside the middle the posts are passed, cm, the robot’s left at the left: by scripted ' +
        'demonstrators from the same starts, by the first plan of each rollout, and by the hand. Grey is where a ' +
        'post stands. Of each row the highest bar fills it. A policy that has learnt the mean of two ways plans ' +
        'where no demonstrator went.',
      key: null,
      panels: groups.map(({ name, plans, hands }, k) => ({
        title: name,
        picture: histogramPanel(
          {
            id: `offsets-${k}`,
            title: `Lateral offsets of ${name}`,
            description: `${plans.length} first plans and ${hands.length} hands; the numbers are in the table below.`,
          },
          [
            { label: 'demonstrators', values: demonstrations, place: 0 },
            { label: 'first plans', values: plans, place: 1 },
            { label: 'hands', values: hands, place: 2 },
          ],
          frame,
        ),
      })),
      numbers: {
        caption: 'Lateral offset where the posts are passed, cm to the robot’s left: quantiles',
        heads: ['of', 'passed', ...SHARES.map((share) => `${100 * share} %`)],
        rows: summarizeRows(offsets).map(({ name, count, of, quantiles }) => [
          name,
          of === null ? String(count) : `${count}/${of}`,
          ...quantiles.map((each) => (each === null ? '–' : signed((100 * each).toFixed(1)))),
        ]),
      },
    }),
  );
}

/** Quantiles of each, m; null where nothing is known of them. */
export function summarizeOffsets({ offsets }: Pick<ExperimentReport, 'offsets'>) {
  return offsets && { shares: SHARES, rows: summarizeRows(offsets) };
}

function summarizeRows({ demonstrations, groups }: NonNullable<ExperimentReport['offsets']>) {
  const rowOf = (name: string, values: readonly number[], of: number | null) => {
    return { name, count: values.length, of, quantiles: quantilesOf(values) };
  };
  return [
    rowOf('demonstrators', demonstrations, null),
    ...groups.flatMap(({ name, rollouts, plans, hands }) => [
      rowOf(`${name}: first plans`, plans, rollouts),
      rowOf(`${name}: hands`, hands, rollouts),
    ]),
  ];
}

/** Each a value that occurs: the least that so large a share does not exceed. */
function quantilesOf(values: readonly number[]): (number | null)[] {
  const sorted = [...values].sort((a, b) => a - b);
  return SHARES.map((share) => sorted[Math.ceil(share * sorted.length) - 1] ?? null);
}

/** With a minus that is one. */
function signed(number: string): string {
  return number.replace('-', '−');
}

function frameOf(task: string, values: readonly number[]): HistogramFrame {
  const widest = values.reduce((most, value) => Math.max(most, Math.abs(value)), LEAST_END);
  const end = Math.min(MOST_END, Math.ceil(widest / TICK) * TICK);
  const steps = Math.round(end / TICK);
  return {
    domain: [end, -end],
    binWidth: BIN,
    ticks: Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * TICK),
    say: (tick) => signed(String(Math.round(100 * tick))),
    bands: findTask(task).scene.obstacles.map(({ y, radius }) => [y - radius, y + radius]),
  };
}
