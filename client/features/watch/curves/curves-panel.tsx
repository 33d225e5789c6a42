import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { INVALID, type ModeIndex } from '../../../../server/protocol/frames.ts';
import { useApp } from '../../../app.ts';
import { LANES, type LaneId } from '../../../shared/lanes/lanes.ts';
import { distinctNameOf } from '../../../shared/lanes/role-text.ts';
import { modesOf, type ShownMode } from '../../../shared/tasks/modes.ts';
import { CurvePlot } from '../../../shared/widgets/curve-plot.tsx';
import type { Curve, CurveUnit } from '../../../shared/widgets/curves.ts';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { t } from '../../../texts.ts';
import { ExecutedCurves, type PlannedCurves, plannedCurves } from './curve-data.ts';
import './curves.css';

/** So long an axis is at least, s: it grows with the episode in steps of as much. */
const SPAN = 3;

const GROUPS = ['hand', 'joints'] as const;
type Group = (typeof GROUPS)[number];

/** One plot: what was done, and what plans wanted, where that is known. */
interface Plotted {
  readonly name: string;
  readonly unit: CurveUnit;
  readonly done: Curve;
  readonly wanted: readonly { readonly mode: ModeIndex; readonly curve: Curve }[];
}

/** Under the views: the numbers of one of them over time, planned beside executed. */
export function CurvesPanel() {
  const { cast, player, settings, view } = useApp();
  const group = useSignal<Group>('hand');
  const executed = useMemo(() => new ExecutedCurves(), []);
  const lane = view.curves.value ?? LANES[0];
  const plots = useComputed((): readonly Plotted[] => {
    player.received.value;
    const track = player.track.value;
    const shown = view.curves.value;
    if (!track || !shown) return [];
    executed.update(track, shown);
    const planned = plannedCurves(track, shown);
    return group.value === 'hand' ? handPlots(executed, planned) : jointPlots(executed, planned);
  });
  const length = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    const span = SPAN * (track?.info.controlHz ?? 1);
    return span * Math.max(1, Math.ceil((track?.lastStep ?? 0) / span));
  });
  const text = t.value.curves;
  const seconds = useComputed(() => length.value / (player.track.value?.info.controlHz ?? 1));
  const modes = modesOf(settings.task.value);
  const colourOf = (mode: ModeIndex) =>
    mode === INVALID ? 'var(--invalid)' : (modes[mode]?.colour ?? 'var(--undecided)');
  return (
    <section class="curves-panel" aria-label={text.title} data-testid="curves">
      <header class="row wrap spread">
        <div class="row">
          <select
            aria-label={text.view}
            data-testid="curves-view"
            value={lane}
            onChange={(event) => {
              view.curves.value = event.currentTarget.value as LaneId;
            }}
          >
            {LANES.filter((each) => settings.lanes[each].value !== null).map((each) => (
              <option key={each} value={each} selected={each === lane}>
                {distinctNameOf(each, cast)}
              </option>
            ))}
          </select>
          <fieldset class="segments">
            <legend class="visually-hidden">{text.title}</legend>
            {GROUPS.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === group.value}
                data-testid={`curves-${each}`}
                onClick={() => {
                  group.value = each;
                }}
              >
                {text.groups[each]}
              </button>
            ))}
          </fieldset>
        </div>
        <p class={`hint curves-key ${cast.of(lane).name ?? ''}`}>
          <span class="curves-line" /> {text.done}{' '}
          <span class="curves-line wanted" style={{ background: stripesOf(modes) }} /> {text.wanted}
          <span class="tabular"> · 0 … {seconds.value.toFixed(1)} s</span>
        </p>
        <button
          type="button"
          class="bare"
          title={`${t.value.close} (V)`}
          aria-label={t.value.close}
          data-testid="curves-close"
          onClick={() => {
            view.curves.value = null;
          }}
        >
          <Icon name="close" size={18} />
        </button>
      </header>
      <div class={`curves-grid ${cast.of(lane).name ?? ''}`}>
        {plots.value.map(({ name, unit, done, wanted }) => (
          <CurvePlot
            key={name}
            {...{ name, unit, done, length: length.value, position: player.position }}
            wanted={wanted.map(({ curve, mode }) => ({ curve, colour: colourOf(mode) }))}
            onSeek={(step) => player.seek(step)}
          />
        ))}
      </div>
    </section>
  );
}

function handPlots(
  executed: ExecutedCurves,
  planned: readonly PlannedCurves[],
): readonly Plotted[] {
  const text = t.value.curves;
  return [
    ...executed.hand.map((done, i) => ({
      name: text.axes[i],
      unit: 'm' as const,
      done,
      wanted: planned.map(({ mode, hand }) => ({ mode, curve: hand[i] })),
    })),
    {
      name: text.gripper,
      unit: 'm',
      done: executed.opening,
      wanted: planned.map(({ mode, opening }) => ({ mode, curve: opening })),
    },
  ];
}

function jointPlots(
  executed: ExecutedCurves,
  planned: readonly PlannedCurves[],
): readonly Plotted[] {
  return executed.joints.map((done, i) => ({
    name: t.value.curves.joint(i + 1),
    unit: 'rad',
    done,
    wanted: planned.map(({ mode, joints }) => ({ mode, curve: joints[i] })),
  }));
}

/** A line in the colours of the ways, one after the other. */
function stripesOf(modes: readonly ShownMode[]): string {
  const share = 100 / modes.length;
  const stripes = modes.map(({ colour }, i) => `${colour} ${i * share}% ${(i + 1) * share}%`);
  return `linear-gradient(90deg, ${stripes.join(', ')})`;
}
