import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import { cssColor, POLICY_ACCENTS } from '../../shared/colors.ts';
import { Plot } from '../../shared/widgets/plot.tsx';
import { t } from '../../texts.ts';
import { alignCurves } from './curves.ts';

/** Dashes of the second, third … run of one policy. */
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** Loss curves of the runs of the task on the stage that are ticked, in their policies' colours. */
export function LossChart() {
  const { runs, settings } = useApp();
  const shown = useComputed(() =>
    runs.shown.value.flatMap((id) => {
      const run = runs.all.value?.find((each) => each.id === id);
      const metrics = runs.metrics.value.get(id) ?? [];
      return run?.spec.task === settings.task.value && metrics.length > 0 ? [{ run, metrics }] : [];
    }),
  );
  const text = t.value.train;
  if (shown.value.length === 0) {
    return (
      <div class="plot-empty" data-testid="loss-chart">
        {text.noCurve}
      </div>
    );
  }
  const seen = new Map<string, number>();
  const series = shown.value.map(({ run: { id, policy } }) => {
    const nth = seen.get(policy) ?? 0;
    seen.set(policy, nth + 1);
    return {
      label: id,
      stroke: cssColor(POLICY_ACCENTS[policy]),
      width: 1.6,
      dash: DASHES[nth % DASHES.length],
      spanGaps: true,
      points: { show: false },
    };
  });
  return (
    <Plot
      identity={shown.value.map(({ run }) => run.id).join('|')}
      series={series}
      data={alignCurves(shown.value.map(({ metrics }) => metrics))}
      height={170}
      label={text.curveLabel}
      testid="loss-chart"
    />
  );
}
