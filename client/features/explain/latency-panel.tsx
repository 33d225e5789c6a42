import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import { LANES, type LaneId } from '../../shared/lanes/lanes.ts';
import { shortNameOf } from '../../shared/lanes/role-text.ts';
import { DEFAULT_HZ } from '../../shared/lanes/settings.ts';
import { saveFile } from '../../shared/widgets/download.ts';
import { formatMs } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { latencyText } from './latency-texts.ts';
import { timesAsCsv, timesOf } from './plan-times.ts';
import { StepBars } from './step-bars-picture.tsx';
import { WhatIf } from './what-if.tsx';
import './latency.css';

/** How long plans take, live, against the control period there is for them, and what if they took longer. */
export function LatencyPanel() {
  const { player, settings } = useApp();
  const text = latencyText.value;
  const waits = settings.chunking.value?.scheme === 'synchronous';
  const info = player.track.value?.info;
  const period = 1000 / (info?.controlHz ?? DEFAULT_HZ);
  return (
    <>
      <h2>{text.title}</h2>
      <p class="lead">{text.intro}</p>
      <div>
        {LANES.map((lane) => (
          <StepBars key={lane} lane={lane} />
        ))}
        <ul class="legend">
          <li class="budget-note">
            <span class="budget-line" />
            {text.budget(formatMs(period))}
          </li>
          <li class="budget-note">
            <span class="late-bar" />
            {text.lateNote}
          </li>
          {waits && (
            <li class="budget-note">
              <span class="waits-line" />
              {text.waitsNote}
            </li>
          )}
        </ul>
      </div>
      <WhatIf />
      <Spreads />
      <Meanwhile />
      <p class="hint">{text.amortised(info?.actionHorizon ?? null)}</p>
      <p class="hint">{text.first}</p>
      <p class="hint">{t.value.stage.timedAlone}</p>
      {info && <p class="hint">{t.value.connection.engine(info.engine)}</p>}
    </>
  );
}

/** What a plan's time means for the arm, here and on a robot. */
function Meanwhile() {
  const { settings } = useApp();
  const text = latencyText.value;
  const late = settings.chunking.value;
  return (
    <p class="hint" data-testid="latency-meanwhile">
      {late ? text.counted : text.meanwhile}
    </p>
  );
}

/** Percentiles of all plans since who acts was chosen, by the histogram of the command line. */
function Spreads() {
  const { cast, session } = useApp();
  const text = latencyText.value;
  const none = session.planTimes.value.length === 0;
  const save = () => {
    const times = session.planTimes.peek();
    const csv = timesAsCsv(times, (lane) => shortNameOf(cast.of(lane)));
    saveFile('plan-times.csv', new Blob([csv], { type: 'text/csv' }));
  };
  return (
    <div>
      <table class="latency-table" data-testid="latency-table">
        <caption class="field-label">{text.spread}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
            <th scope="col">{text.worst}</th>
          </tr>
        </thead>
        <tbody class="tabular">
          {LANES.map((lane) => (
            <SpreadRow key={lane} lane={lane} />
          ))}
        </tbody>
      </table>
      <button type="button" class="small" disabled={none} data-testid="latency-csv" onClick={save}>
        <Icon name="download" size={14} />
        {text.csv}
      </button>
    </div>
  );
}

function SpreadRow({ lane }: { lane: LaneId }) {
  const { session } = useApp();
  const text = latencyText.value;
  const { plans, late, spread } = useComputed(() => timesOf(session.planTimes.value, lane)).value;
  return (
    <tr>
      <th scope="row">
        <LaneName lane={lane} />
        <span class="late-share" data-testid={`latency-${lane}-late`}>
          {text.lateOf(late, plans)}
        </span>
      </th>
      {(['p50', 'p95', 'p99', 'max'] as const).map((each) => (
        <td key={each} data-testid={`latency-${lane}-${each}`}>
          {spread ? formatMs(spread[each]) : '–'}
        </td>
      ))}
    </tr>
  );
}
