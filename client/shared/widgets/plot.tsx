import { useEffect, useRef } from 'preact/hooks';
import uPlot, { type AlignedData, type Axis, type Series } from 'uplot';
import { AXIS_COLOR, BALL_COLOR, cssColor, thinColor } from '../colors.ts';
import 'uplot/dist/uPlot.min.css';
import { lowEnd } from './decades.ts';

/** Series are set up once; another `identity` makes a new plot. */
export interface PlotProps {
  readonly data: AlignedData;
  readonly series: readonly Series[];
  readonly identity: string;
  readonly height: number;
  readonly label: string;
  readonly testid: string;
  readonly xTime?: boolean;
  /** Range of the logarithmic axis; by the data where left out. */
  readonly yRange?: (low: number, high: number) => [number, number];
  readonly xLabels?: boolean;
  /** A line across at this height, and what it is. */
  readonly budget?: number;
}

const GRID = { stroke: thinColor(AXIS_COLOR, 0.14), width: 1 };
const FONT = '11px system-ui, sans-serif';

/** A plot with a logarithmic y axis. */
export function Plot(props: PlotProps) {
  const { data, series, identity, height, label, testid, yRange, xLabels = true, budget } = props;
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ data, series, yRange, budget });
  latest.current = { data, series, yRange, budget };

  useEffect(() => {
    const element = container.current;
    if (!element) return undefined;
    const axis: Axis = {
      stroke: cssColor(AXIS_COLOR),
      grid: GRID,
      ticks: { show: false },
      font: FONT,
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { points: { size: 6 }, drag: { x: false, y: false }, y: false },
        scales: {
          x: { time: false },
          y: {
            distr: 3,
            range: (_plot, low, high) => {
              const [from, to] = (latest.current.yRange ?? around)(low, high);
              return [lowEnd(from), to];
            },
          },
        },
        axes: [
          { ...axis, size: xLabels ? 24 : 6, values: xLabels ? stepLabels : () => [] },
          { ...axis, size: 42, values: (_plot, splits) => splits.map(powerLabel) },
        ],
        series: [{}, ...identity.split('|').map((_, i) => ({ ...latest.current.series[i] }))],
        hooks: {
          draw: [
            (drawn) => {
              if (latest.current.budget !== undefined) drawBudget(drawn, latest.current.budget);
            },
          ],
        },
      },
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [identity, height, xLabels]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return (
    <div class="plot" style={{ height: `${height}px` }} data-testid={testid}>
      <div ref={container} role="img" aria-label={label} />
    </div>
  );
}

function drawBudget({ ctx, bbox, valToPos }: uPlot, value: number): void {
  const y = valToPos(value, 'y', true);
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = cssColor(BALL_COLOR);
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** Around the data, a little wider. */
function around(low: number, high: number): [number, number] {
  if (!(low > 0) || !(high > 0)) return [0.001, 1];
  return [low / 1.4, high * 1.4];
}

function powerLabel(value: number | null): string {
  if (value === null) return '';
  // Between powers of ten only some numbers have room.
  const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  if (![1, 2, 5].includes(digit)) return '';
  return value >= 0.001 ? String(Number(value.toPrecision(2))) : value.toExponential(0);
}

function stepLabels(_plot: uPlot, splits: number[]): string[] {
  return splits.map((value) =>
    value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(value),
  );
}
