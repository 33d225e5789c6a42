import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { INVALID, type ModeIndex } from '../../../../server/protocol/frames.ts';
import { useApp } from '../../../app.ts';
import { LANES, type LaneId } from '../../../shared/lanes/lanes.ts';
import { distinctNameOf } from '../../../shared/lanes/role-text.ts';
import { modesOf, type ShownMode } from '../../../shared/tasks/modes.ts';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { t } from '../../../texts.ts';
import {
  type Curve,
  ExecutedCurves,
  type PlannedCurves,
  plannedCurves,
  rangeOf,
} from './curve-data.ts';
import './curves.css';

const WIDTH = 300;
const HEIGHT = 80;
/** Room for a line's width at the top and at the bottom. */
const MARGIN = 3;
/** So long an axis is at least, s: it grows with the episode in steps of as much. */
const SPAN = 3;

/** So far a plot's axis reaches at least. */
const LEAST_RANGE = { m: 0.02, rad: 0.1 } as const;

const GROUPS = ['hand', 'joints'] as const;
type Group = (typeof GROUPS)[number];

/** One plot: what was done, and what plans wanted, where that is known. */
interface Plotted {
  readonly name: string;
  readonly unit: 'm' | 'rad';
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
        {plots.value.map((plot) => (
          <CurvePlot key={plot.name} plot={plot} length={length.value} colourOf={colourOf} />
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

function CurvePlot({
  plot: { name, unit, done, wanted },
  length,
  colourOf,
}: {
  plot: Plotted;
  /** Control steps of the axis. */
  length: number;
  colourOf(mode: ModeIndex): string;
}) {
  const { player } = useApp();
  const cursor = useRef<SVGLineElement>(null);
  const [low, high] = rangeOf([done, ...wanted.map(({ curve }) => curve)], LEAST_RANGE[unit]);
  const digits = unit === 'm' ? 2 : 1;
  // At 60 Hz: past the components, straight to the element.
  useSignalEffect(() => {
    const x = String((WIDTH * player.position.value) / length);
    cursor.current?.setAttribute('x1', x);
    cursor.current?.setAttribute('x2', x);
  });
  const points = ({ steps, values }: Curve) =>
    values
      .map((value, i) => {
        const share = (value - low) / (high - low);
        const y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
        return `${((WIDTH * steps[i]) / length).toFixed(1)},${y.toFixed(1)}`;
      })
      .join(' ');
  function seekTo({ currentTarget, clientX }: PointerEvent): void {
    if (!(currentTarget instanceof Element)) return;
    const { left, width } = currentTarget.getBoundingClientRect();
    if (width > 0) player.seek(Math.round(((clientX - left) / width) * length));
  }
  return (
    <figure class="curves-plot">
      <figcaption>
        {name}{' '}
        <span class="muted tabular">
          {low.toFixed(digits)} … {high.toFixed(digits)} {unit}
        </span>
      </figcaption>
      {/* The time bar does the same for the keyboard. */}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={name}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seekTo(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
        }}
      >
        {wanted.map(({ mode, curve }) => (
          <polyline
            key={curve.steps[0]}
            class="wanted"
            points={points(curve)}
            style={{ stroke: colourOf(mode) }}
          />
        ))}
        <polyline class="done" points={points(done)} />
        <line ref={cursor} class="cursor" y1="0" y2={HEIGHT} />
      </svg>
    </figure>
  );
}
