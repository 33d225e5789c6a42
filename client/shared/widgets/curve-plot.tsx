import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Curve, type CurveUnit, rangeOf } from './curves.ts';
import './curve-plot.css';

const WIDTH = 300;
const HEIGHT = 80;
/** Room for a line's width at the top and at the bottom. */
const MARGIN = 3;

interface CurvePlotProps {
  readonly name: string;
  readonly unit: CurveUnit;
  readonly done: Curve;
  readonly wanted: readonly { readonly curve: Curve; readonly colour?: string }[];
  /** Control steps of the axis. */
  readonly length: number;
  /** Control step at which the line stands. */
  readonly position: ReadonlySignal<number>;
  /** @param step where a pointer wants it */
  onSeek(step: number): void;
}

/** What was done of one quantity, in front of what was wanted. */
export function CurvePlot(props: CurvePlotProps) {
  const { name, unit, done, wanted, length, position, onSeek } = props;
  const cursor = useRef<SVGLineElement>(null);
  const [low, high] = rangeOf([done, ...wanted.map(({ curve }) => curve)], unit);
  const digits = unit === 'm' ? 2 : 1;
  // At 60 Hz: past the components, straight to the element.
  useEffect(
    () =>
      effect(() => {
        const x = String((WIDTH * position.value) / length);
        cursor.current?.setAttribute('x1', x);
        cursor.current?.setAttribute('x2', x);
      }),
    [position, length],
  );
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
    if (width > 0) onSeek(Math.round(((clientX - left) / width) * length));
  }
  return (
    <figure class="curve-plot">
      <figcaption>
        {name}{' '}
        <span class="muted tabular">
          {low.toFixed(digits)}…{high.toFixed(digits)} {unit}
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
        {wanted.map(({ curve, colour }) => (
          <polyline
            key={curve.steps[0]}
            class="wanted"
            points={points(curve)}
            style={colour ? { stroke: colour } : {}}
          />
        ))}
        <polyline class="done" points={points(done)} />
        <line ref={cursor} class="cursor" y1="0" y2={HEIGHT} />
      </svg>
    </figure>
  );
}
