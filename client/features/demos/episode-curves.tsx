import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { CurvePlot } from '../../shared/widgets/curve-plot.tsx';
import type { Curve, CurveUnit } from '../../shared/widgets/curves.ts';
import { t } from '../../texts.ts';
import type { EpisodePlayback } from './playback.ts';

/** Points a curve is drawn with. */
const MOST_POINTS = 240;

const GROUPS = ['hand', 'joints'] as const;
type Group = (typeof GROUPS)[number];

interface Quantity {
  readonly name: string;
  readonly unit: CurveUnit;
  /** What was wanted, and what was done, a number a step. */
  readonly wanted: ArrayLike<number>;
  readonly done: ArrayLike<number>;
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
        {curves.map(({ name, unit, wanted, done }) => (
          <CurvePlot
            key={name}
            {...{ name, unit, done: curveOf(done), wanted: [{ curve: curveOf(wanted) }] }}
            length={Math.max(1, playback.last)}
            position={playback.position}
            onSeek={(step) => playback.seek(step)}
          />
        ))}
      </div>
    </div>
  );
}

function handCurves(playback: EpisodePlayback): Quantity[] {
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

function jointCurves(playback: EpisodePlayback): Quantity[] {
  return Array.from({ length: 7 }, (_, i) => ({
    name: t.value.look.joint(i + 1),
    wanted: playback.curve('action', i),
    done: playback.curve('state', i),
    unit: 'rad',
  }));
}

/** The curve of a number a step, drawn with fewer points where there are very many. */
function curveOf(numbers: ArrayLike<number>): Curve {
  const every = Math.max(1, (numbers.length - 1) / (MOST_POINTS - 1));
  const count = Math.min(numbers.length, MOST_POINTS);
  const steps = Array.from({ length: count }, (_, k) => Math.round(every * k));
  return { steps, values: steps.map((step) => numbers[step]) };
}
