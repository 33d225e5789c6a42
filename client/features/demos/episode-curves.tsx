import { useSignal, useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { t } from '../../texts.ts';
import type { EpisodePlayback } from './playback.ts';

const WIDTH = 200;
const HEIGHT = 40;
/** Points a curve is drawn with. */
const MOST_POINTS = 240;

const GROUPS = ['hand', 'joints'] as const;
type Group = (typeof GROUPS)[number];

interface Curve {
  readonly name: string;
  /** What was wanted, and what was done. */
  readonly wanted: ArrayLike<number>;
  readonly done: ArrayLike<number>;
  /** Of the numbers' ends. */
  readonly unit: 'm' | 'rad';
}

/** An episode's numbers over time: what the demonstrator wanted beside what was done. */
export function EpisodeCurves({ playback }: { playback: EpisodePlayback }) {
  const group = useSignal<Group>('hand');
  const text = t.value.look;
  const curves = useMemo(
    () => (group.value === 'hand' ? handCurves(playback) : jointCurves(playback)),
    [playback, group.value],
  );
  return (
    <div class="stack curves" data-testid="episode-curves">
      <div class="row spread">
        <fieldset class="segments" aria-label={text.curves}>
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
              {text.curveGroups[each]}
            </button>
          ))}
        </fieldset>
        <span class="small-text muted curve-keys">
          <span>
            <span class="curve-key done" /> {text.done}
          </span>{' '}
          <span>
            <span class="curve-key wanted" /> {text.wanted}
          </span>
        </span>
      </div>
      <div class="curve-grid">
        {curves.map((curve) => (
          <CurvePlot key={curve.name} curve={curve} playback={playback} />
        ))}
      </div>
    </div>
  );
}

function CurvePlot({ curve, playback }: { curve: Curve; playback: EpisodePlayback }) {
  const cursor = useRef<SVGLineElement>(null);
  const { name, wanted, done, unit } = curve;
  const [low, high] = rangeOf([wanted, done]);
  const digits = unit === 'm' ? 2 : 1;
  useSignalEffect(() => {
    const x = String((WIDTH * playback.position.value) / Math.max(1, playback.last));
    cursor.current?.setAttribute('x1', x);
    cursor.current?.setAttribute('x2', x);
  });
  return (
    <figure class="curve">
      <figcaption class="small-text">
        {name}
        <span class="muted tabular">
          {low.toFixed(digits)}…{high.toFixed(digits)} {unit}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={name}
      >
        <polyline class="wanted" points={pointsOf(wanted, low, high)} />
        <polyline class="done" points={pointsOf(done, low, high)} />
        <line ref={cursor} class="cursor" y1="0" y2={HEIGHT} />
      </svg>
    </figure>
  );
}

function handCurves(playback: EpisodePlayback): Curve[] {
  const wanted = playback.tcp('action');
  const done = playback.tcp('state');
  const axis = (points: Float32Array, i: number) =>
    Array.from({ length: points.length / 3 }, (_, k) => points[3 * k + i]);
  const names = t.value.look.axes;
  return [
    ...names.map((name, i) => ({
      name,
      wanted: axis(wanted, i),
      done: axis(done, i),
      unit: 'm' as const,
    })),
    {
      name: t.value.look.gripper,
      wanted: playback.curve('action', 7),
      done: playback.curve('state', 7),
      unit: 'm',
    },
  ];
}

function jointCurves(playback: EpisodePlayback): Curve[] {
  return Array.from({ length: 7 }, (_, i) => ({
    name: t.value.look.joint(i + 1),
    wanted: playback.curve('action', i),
    done: playback.curve('state', i),
    unit: 'rad',
  }));
}

function rangeOf(curves: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of curves) {
    for (let i = 0; i < curve.length; i++) {
      low = Math.min(low, curve[i]);
      high = Math.max(high, curve[i]);
    }
  }
  return [low, high];
}

function pointsOf(values: ArrayLike<number>, low: number, high: number): string {
  const count = Math.min(values.length, MOST_POINTS);
  const scale = high > low ? (HEIGHT - 4) / (high - low) : 0;
  return Array.from({ length: count }, (_, k) => {
    const share = count > 1 ? k / (count - 1) : 0;
    const value = values[Math.round(share * (values.length - 1))];
    return `${(WIDTH * share).toFixed(1)},${(HEIGHT - 2 - (value - low) * scale).toFixed(1)}`;
  }).join(' ');
}
