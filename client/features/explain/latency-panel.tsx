import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import {
  CONTACT_COLOR,
  cssColor,
  PATH_COLORS,
  POLICY_ACCENTS,
  SURFACE_COLORS,
} from '../../shared/colors.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import { LANES, type LaneId } from '../../shared/lanes/lanes.ts';
import { DEFAULT_HZ } from '../../shared/lanes/settings.ts';
import { formatMs } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { Plot } from '../../shared/widgets/plot.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { FAN_LEAD } from '../watch/playback/split.ts';
import { latencyText } from './latency-texts.ts';
import { blockedPeriods, isLate, planTimeColumns } from './plan-times.ts';

/** How long plans take, live, against the control period there is for them. */
export function LatencyPanel() {
  const { player } = useApp();
  const text = latencyText.value;
  const info = player.track.value?.info;
  const period = 1000 / (info?.controlHz ?? DEFAULT_HZ);
  return (
    <>
      <h2>{text.title}</h2>
      <p class="lead">{text.intro}</p>
      <table class="latency-table" data-testid="latency-table">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <Term id="calls">{text.calls}</Term>
            </th>
            <th scope="col">
              <Term id="latency">{text.plan}</Term>
            </th>
            <th scope="col">{text.blocks}</th>
            <th scope="col">
              <Term id="step">{text.step}</Term>
            </th>
          </tr>
        </thead>
        <tbody class="tabular">
          {LANES.map((lane) => (
            <LatencyRow key={lane} lane={lane} period={period} />
          ))}
        </tbody>
      </table>
      <PlanTimes period={period} />
      <p class="budget-note">
        <span class="budget-line" />
        {text.budget(formatMs(period))}
      </p>
      <p class="budget-note">
        <span class="late-dot" />
        {text.lateNote}
      </p>
      <p class="hint" data-testid="latency-meanwhile">
        {text.meanwhile}
      </p>
      <p class="hint">{text.amortised(info?.actionHorizon ?? null)}</p>
      <p class="hint">{t.value.stage.timedAlone}</p>
      {info && <p class="hint">{t.value.connection.engine(info.engine)}</p>}
    </>
  );
}

/** Whole plans over time; the late ones stand out. */
function PlanTimes({ period }: { period: number }) {
  const { cast, session } = useApp();
  const text = latencyText.value;
  const names = LANES.map((lane) => cast.of(lane).name);
  const times = session.planTimes.value;
  if (times.length === 0) return <div class="plot-empty">{text.empty}</div>;
  const series = names.map((name, i) => {
    const color = cssColor(name ? POLICY_ACCENTS[name] : PATH_COLORS.undecided);
    // Where a policy acts twice, the second one's points are rings.
    const ring = name !== null && names.indexOf(name) < i;
    return { label: LANES[i], color, ring };
  });
  const points = { width: 0, paths: () => null };
  const inTime = series.map(({ label, color, ring }) => ({
    ...points,
    label,
    stroke: color,
    points: ring
      ? { show: true, size: 6, stroke: color, fill: cssColor(SURFACE_COLORS.surface), width: 1.5 }
      : { show: true, size: 5, fill: color, width: 0 },
  }));
  const late = series.map(({ label, color, ring }) => ({
    ...points,
    label: `${label} ${text.late}`,
    stroke: cssColor(CONTACT_COLOR),
    points: {
      show: true,
      size: 8,
      stroke: cssColor(CONTACT_COLOR),
      fill: ring ? cssColor(SURFACE_COLORS.surface) : color,
      width: 2,
    },
  }));
  return (
    <Plot
      identity={[...names, ...names.map((name) => `${name} late`)].join('|')}
      series={[...inTime, ...late]}
      data={planTimeColumns(times)}
      height={190}
      xLabels={false}
      yRange={(low, high) => [
        Math.min(low > 0 ? low / 1.5 : 0.05, 0.1),
        Math.max(high * 1.5, period * 2),
      ]}
      budget={period}
      label={text.chart}
      testid="latency-chart"
    />
  );
}

function LatencyRow({ lane, period }: { lane: LaneId; period: number }) {
  const { player, session } = useApp();
  const text = latencyText.value;
  const now = useComputed(() => {
    player.received.value;
    const track = session.info(lane) && player.track.value;
    return track?.fanAt(lane, player.position.value + FAN_LEAD) ?? null;
  });
  const counts = useComputed(() => {
    const times = session.planTimes.value.filter((time) => time.lane === lane);
    return { late: times.filter(isLate).length, all: times.length };
  });
  const fan = now.value;
  const horizon = player.track.value?.info.actionHorizon;
  const blocked = fan && blockedPeriods({ milliseconds: fan.milliseconds, period });
  const { late, all } = counts.value;
  return (
    <tr class={blocked ? 'late' : ''}>
      <th scope="row">
        <LaneName lane={lane} />
        <span class="late-share" data-testid={`latency-${lane}-late`}>
          {text.lateOf(late, all)}
        </span>
      </th>
      <td>{fan?.nfe ?? '–'}</td>
      <td data-testid={`latency-${lane}-plan`}>{fan ? formatMs(fan.milliseconds) : '–'}</td>
      <td data-testid={`latency-${lane}-blocks`}>
        {blocked ? <Icon name="alert" size={12} /> : null}
        {blocked ?? '–'}
      </td>
      <td class="muted" data-testid={`latency-${lane}-step`}>
        {fan && horizon ? formatMs(fan.milliseconds / horizon) : '–'}
      </td>
    </tr>
  );
}
