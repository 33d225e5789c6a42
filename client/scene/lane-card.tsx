import { useComputed } from '@preact/signals';
import { t } from '../i18n/index.ts';
import type { LaneId } from '../lanes.ts';
import {
  decidedFan,
  FAN_LEAD,
  isPlanning,
  type Split,
  splitOf,
  verdictOf,
} from '../playback/split.ts';
import { createSample } from '../playback/track.ts';
import type { ViewRect } from '../stage/index.ts';
import { useApp } from '../state/app.ts';
import { shippedSource } from '../state/settings.ts';
import { SplitBar } from '../widgets/bars.tsx';
import { formatMs } from '../widgets/format.ts';
import { Icon } from '../widgets/icon.tsx';
import { LaneCounts } from './lane-counts.tsx';
import { LaneProblem } from './lane-problem.tsx';

/** What is written over one view: whose it is, what it plans, how it fared. */
export function LaneCard({ lane, rect }: { lane: LaneId; rect: ViewRect }) {
  const { session } = useApp();
  const style = {
    left: `${rect.x}px`,
    top: `${rect.y}px`,
    width: `${rect.width}px`,
    height: `${rect.height}px`,
  };
  const problem = session.laneErrors.value[lane];
  return (
    <section class={`lane-card ${lane}`} style={style} aria-label={t.value.policy[lane]}>
      <LaneHeader lane={lane} />
      {problem ? (
        <LaneProblem lane={lane} message={problem.message} />
      ) : (
        <>
          <LaneStatus lane={lane} />
          <LaneCounts lane={lane} />
        </>
      )}
    </section>
  );
}

function LaneHeader({ lane }: { lane: LaneId }) {
  const { player, session, view } = useApp();
  const verdict = useComputed(() => {
    const track = player.track.value;
    player.received.value;
    const fan = track && decidedFan(track, lane, player.position.value + FAN_LEAD);
    return verdictOf(lane, fan && splitOf(fan));
  });
  const text = t.value.stage;
  const focused = view.focus.value === lane;
  const info = session.info(lane);
  const what = verdict.value;
  return (
    <header class="lane-header">
      <h2>
        <button
          type="button"
          class="lane-title"
          aria-pressed={focused}
          title={focused ? text.unfocus : text.focus(t.value.policy[lane])}
          data-testid={`lane-${lane}-title`}
          onClick={() => {
            view.focus.value = focused ? null : lane;
          }}
        >
          <span class="lane-dot" />
          {t.value.policy[lane]}
        </button>
      </h2>
      <p class="lane-verdict" data-testid={`lane-${lane}-verdict`}>
        {what === 'averages' || what === 'samples' ? text[what] : text.oneAnswer(what)}
      </p>
      {info && (
        <p class="lane-cost">
          <span data-testid={`lane-${lane}-nfe`}>{text.evals(info.nfe)}</span>
          <LanePlanTime lane={lane} />
        </p>
      )}
    </header>
  );
}

function LanePlanTime({ lane }: { lane: LaneId }) {
  const { player } = useApp();
  const fan = useComputed(() => {
    player.received.value;
    return player.track.value?.fanAt(lane, player.position.value + FAN_LEAD) ?? null;
  });
  const text = t.value.stage;
  return (
    <span class="tabular" data-testid={`lane-${lane}-ms`}>
      {fan.value ? text.perPlan(formatMs(fan.value.milliseconds)) : text.perPlan('–')}
    </span>
  );
}

function LaneStatus({ lane }: { lane: LaneId }) {
  const { player, session } = useApp();
  // The plan and not its split: the same plan again is no reason to render.
  const decided = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    return track && decidedFan(track, lane, player.position.value + FAN_LEAD);
  });
  const status = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    const sample = createSample();
    if (!track?.sample(lane, player.position.value, sample)) return 'none';
    if (sample.contact) return 'contact';
    if (sample.success) return 'success';
    return player.mode.value === 'live' && isPlanning(track, lane) ? 'planning' : 'none';
  });
  const text = t.value.stage;
  const kind = session.pending.value ? 'preparing' : status.value;
  return (
    <div class="lane-status">
      <Futures lane={lane} split={decided.value && splitOf(decided.value)} />
      <p class="chips" data-testid={`lane-${lane}-status`} data-status={kind}>
        {kind === 'preparing' && <span class="chip quiet">{text.preparing}</span>}
        {kind === 'planning' && <span class="chip quiet slow-in">{text.planning}</span>}
        {kind === 'contact' && (
          <span class="chip bad">
            <Icon name="close" size={14} />
            {text.touched}
          </span>
        )}
        {kind === 'success' && (
          <span class="chip good">
            <Icon name="check" size={14} />
            {text.grasped}
          </span>
        )}
        <RunTag lane={lane} />
      </p>
    </div>
  );
}

/** Whose weights act, where they are not those that ship; and the way back to these. */
function RunTag({ lane }: { lane: LaneId }) {
  const { settings } = useApp();
  const source = settings.sources[lane].value;
  const text = t.value.stage;
  if (source.kind !== 'run') return null;
  return (
    <button
      type="button"
      class="chip run-tag"
      title={`${text.run(source.id)}. ${text.backToShipped}`}
      data-testid={`lane-${lane}-shipped`}
      onClick={() => {
        settings.sources[lane].value = shippedSource(lane);
      }}
    >
      {text.run(source.id.slice(-4))}
      <Icon name="close" size={12} />
    </button>
  );
}

const KINDS = ['left', 'invalid', 'right', 'none'] as const;

/** Of the sampled futures of the last plan that reached the post, how many take which way. */
function Futures({ lane, split }: { lane: LaneId; split: Split | null }) {
  const text = t.value.stage;
  const present = split ? KINDS.filter((kind) => split[kind] > 0) : [];
  const total = present.reduce((sum, kind) => sum + (split?.[kind] ?? 0), 0);
  // A policy without noise draws the same future as often as it is asked.
  const single = lane === 'l2' && present.length === 1;
  const label = single
    ? `${text.oneFuture} ${text.split[present[0]]}`
    : present.map((kind) => `${split?.[kind]} ${text.split[kind]}`).join(' · ');
  return (
    <div class="futures" data-testid={`lane-${lane}-futures`}>
      <SplitBar
        label={total > 0 ? `${text.futures(total)}: ${label}` : text.planning}
        parts={KINDS.map((kind) => ({ kind, count: split?.[kind] ?? 0 }))}
      />
      <p class="futures-legend">
        {single && (
          <span class={present[0]}>
            <span class="future-lead">{text.oneFuture} </span>
            {text.split[present[0]]}
          </span>
        )}
        {!single &&
          present.map((kind) => (
            <span key={kind} class={kind}>
              <b>{split?.[kind]}</b> {text.split[kind]}
            </span>
          ))}
        {present.length === 0 && '\u00a0'}
      </p>
    </div>
  );
}
