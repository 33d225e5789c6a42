import { useEffect } from 'preact/hooks';
import { startSeed } from '../../../sim/index.ts';
import { hullsOf } from '../../../sim/tasks/start-region.ts';
import { useApp } from '../../app.ts';
import { cssColor, PATH_COLORS } from '../../shared/colors.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { type Place, placesOf } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { boundsOf, projectionOf } from '../../shared/tasks/table-map.ts';
import { t } from '../../texts.ts';

/** Of the picture; it is as wide as the panel. */
const WIDTH = 280;
const DOT = 4.5;
/** The map shows no less than this, m: of what stands on the table, what lies within. */
const LEAST = 0.1;
/** Starts whose hull stands for all that could be drawn. */
const DRAWN = 64;

/** Which starts demonstrations began from, each in the colours of the sides that it was shown on. */
export function StartMap() {
  const { recording } = useApp();
  const { coverage } = recording;
  useEffect(() => coverage.watch(), [coverage]);
  const text = t.value.startMap;
  const task = recording.task.value;
  const { scene } = taskOf(task);
  const starts = coverage.starts.value;
  const here = placesOf(
    recording.view.value ? (recording.take()?.recorder.initial.objects ?? []) : [],
  );
  const possible = regionOf(task);
  const places = [...possible.flat(), ...starts.flatMap((each) => each.places), ...here];
  const { height, at } = projectionOf(boundsOf(places, [], LEAST), WIDTH);
  const corners = (hull: readonly Place[]) => hull.map(([x, y]) => at(x, y).join()).join(' ');
  const modes = modesOf(task);
  const whole = starts.filter((each) =>
    modes.every(({ name }) => each.modes.includes(name)),
  ).length;
  const scale = Math.abs(at(0, 0)[0] - at(0, 1)[0]);
  return (
    <figure class="start-map" data-testid="start-map" data-starts={starts.length}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={text.label(starts.length, whole)}
      >
        {possible.map((hull) => (
          <polygon key={corners(hull)} class="start-region" points={corners(hull)} />
        ))}
        {scene.obstacles.map(({ x, y, radius }) => {
          const [left, top] = at(x, y);
          return (
            <circle key={`${x} ${y}`} class="start-post" cx={left} cy={top} r={radius * scale} />
          );
        })}
        {starts.flatMap(({ places: lay, modes: shown }) =>
          lay.map(([x, y]) => {
            const [left, top] = at(x, y);
            const colours = modes.map(({ name, colour }) => (shown.includes(name) ? colour : null));
            return <Dot key={`${x} ${y}`} at={[left, top]} colours={colours} />;
          }),
        )}
        {here.map(([x, y]) => {
          const [left, top] = at(x, y);
          return <circle key={`${x} ${y}`} class="start-now" cx={left} cy={top} r={DOT + 4} />;
        })}
      </svg>
      <figcaption class="hint">{text.caption(starts.length, whole)}</figcaption>
    </figure>
  );
}

/** A start: as many parts of a disc as there are modes, those filled that were shown from it. */
function Dot({
  at: [x, y],
  colours,
}: {
  at: readonly [number, number];
  colours: readonly (string | null)[];
}) {
  // From below, so that of two the first lies on the left.
  const point = (part: number) => {
    const angle = Math.PI / 2 + (2 * Math.PI * part) / colours.length;
    return `${x + DOT * Math.cos(angle)} ${y + DOT * Math.sin(angle)}`;
  };
  return (
    <>
      <circle class="start-dot" cx={x} cy={y} r={DOT} stroke={cssColor(PATH_COLORS.undecided)} />
      {colours.map(
        (colour, i) =>
          colour && (
            <path
              key={colour}
              d={`M${x} ${y}L${point(i)}A${DOT} ${DOT} 0 0 1 ${point(i + 1)}Z`}
              fill={colour}
            />
          ),
      )}
    </>
  );
}

const regions = new Map<StageTask, readonly (readonly Place[])[]>();

/** Where the starts of a task are drawn from, object by object. */
function regionOf(task: StageTask): readonly (readonly Place[])[] {
  const known =
    regions.get(task) ??
    hullsOf(
      Array.from({ length: DRAWN }, (_, i) =>
        taskOf(task).sampleInitialState(startSeed('demonstration', 1, i)),
      ),
    );
  regions.set(task, known);
  return known;
}
