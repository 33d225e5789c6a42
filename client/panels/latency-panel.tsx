import { useComputed } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { LANES } from '../lanes.ts';
import { FAN_LEAD } from '../playback/split.ts';
import { cssColor, POLICY_ACCENTS, SIDE_COLORS } from '../stage/index.ts';
import { useApp } from '../state/app.ts';
import { DEFAULT_HZ } from '../state/settings.ts';
import { formatMs } from '../widgets/format.ts';
import { Plot } from '../widgets/plot.tsx';
import { LaneName } from './lane-name.tsx';
import { planTimeColumns } from './plan-times.ts';

/** How long inference takes, live, against the time there is. */
export function LatencyPanel() {
  const { cast, player, session } = useApp();
  const text = t.value.latency;
  const names = LANES.map((lane) => cast.of(lane).name);
  const times = session.planTimes.value;
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
            <th scope="col">{text.calls}</th>
            <th scope="col">ms {text.plan}</th>
            <th scope="col">ms {text.step}</th>
          </tr>
        </thead>
        <tbody class="tabular">
          {LANES.map((lane) => (
            <LatencyRow key={lane} lane={lane} />
          ))}
        </tbody>
      </table>
      {times.length === 0 ? (
        <div class="plot-empty">{text.empty}</div>
      ) : (
        <Plot
          identity={names.join('|')}
          series={names.map((name, i) => {
            const color = cssColor(name ? POLICY_ACCENTS[name] : SIDE_COLORS.undecided);
            // Where a policy acts twice, the second one's points are rings.
            const ring = name !== null && names.indexOf(name) < i;
            return {
              label: LANES[i],
              stroke: color,
              width: 0,
              paths: () => null,
              points: ring
                ? { show: true, size: 6, stroke: color, fill: '#0d1117', width: 1.5 }
                : { show: true, size: 5, fill: color, width: 0 },
            };
          })}
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
      )}
      <p class="budget-note">
        <span class="budget-line" />
        {text.budget(formatMs(period))}
      </p>
      <p class="hint">{text.alone}</p>
      {info && <p class="hint">{t.value.connection.engine(info.engine)}</p>}
    </>
  );
}

function LatencyRow({ lane }: { lane: (typeof LANES)[number] }) {
  const { player, session } = useApp();
  const now = useComputed(() => {
    player.received.value;
    const track = session.info(lane) && player.track.value;
    return track?.fanAt(lane, player.position.value + FAN_LEAD) ?? null;
  });
  const fan = now.value;
  const horizon = player.track.value?.info.actionHorizon;
  return (
    <tr>
      <th scope="row">
        <LaneName lane={lane} />
      </th>
      <td>{fan?.nfe ?? '–'}</td>
      <td data-testid={`latency-${lane}-plan`}>{fan ? formatMs(fan.milliseconds) : '–'}</td>
      <td data-testid={`latency-${lane}-step`}>
        {fan && horizon ? formatMs(fan.milliseconds / horizon) : '–'}
      </td>
    </tr>
  );
}
