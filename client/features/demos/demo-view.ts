import type { EpisodeSummary } from '../../../server/protocol/index.ts';
import { TASKS } from '../../../sim/tasks/index.ts';
import { hullOf, type TablePlace } from '../../../sim/tasks/start-region.ts';
import {
  PATH_COLORS,
  type Region,
  STRAND_POINTS,
  type Stage,
  type Strand,
} from '../../stage/index.ts';
import type { EpisodePlayback } from './playback.ts';
import type { Overview, Viewer } from './viewer.ts';

export const DEMO_VIEW = 'demo';

/** Line px and opacity: of many, of the one under the pointer, of the one that is played. */
const FEW = { width: 1.6, opacity: 0.5 };
const MANY = { width: 1.2, opacity: 0.28 };
const BEHIND = { width: 1.1, opacity: 0.1 };
const HOVERED = { width: 3.5, opacity: 1 };
const PLAYED = { width: 3.5, opacity: 0.9 };
const WISHED = { width: 1.5, opacity: 0.9 };
const WISH_COLOR = 0xffffff;
/** More than these are thin lines. */
const MOST_OF_FEW = 60;

/** Draws demonstrations on the stage: all their paths, and the arm in the one that is played. */
export class DemoView {
  readonly #stage: Stage;
  readonly #viewer: Viewer;
  #drawn: EpisodePlayback | null = null;
  #position = Number.NaN;

  constructor(stage: Stage, viewer: Viewer) {
    this.#stage = stage;
    this.#viewer = viewer;
  }

  /** Reads what the paths depend on: to be called in an effect. */
  drawPaths(): void {
    const viewer = this.#viewer;
    const overview = viewer.overview.value;
    const strands = overview
      ? strandsOf(overview, viewer.listed.value, {
          task: viewer.dataset.value?.task ?? '',
          hovered: viewer.hovered.value,
          playback: viewer.playback.value,
        })
      : [];
    this.#stage.setStrands(DEMO_VIEW, strands);
    const task = viewer.dataset.value?.task;
    const starts = overview ? startsOf(overview, viewer.listed.value) : [];
    this.#stage.setRegions(DEMO_VIEW, regionsOf(task, starts));
  }

  /** What is drawn no longer counts. */
  forget(): void {
    this.#drawn = null;
    this.#position = Number.NaN;
  }

  /** The moment that was last given to the stage, s of its episode; 0 before any. */
  get seconds(): number {
    return this.#drawn ? this.#position / this.#drawn.view.controlHz : 0;
  }

  /** @param seconds since the last call, times the speed */
  draw(seconds: number): void {
    const playback = this.#viewer.playback.peek();
    if (!playback) return;
    playback.tick(seconds);
    const position = playback.position.peek();
    if (playback === this.#drawn && position === this.#position) return;
    this.#drawn = playback;
    this.#position = position;
    const { state, objects, contact, success } = playback.moment(position);
    this.#stage.clearTrail(DEMO_VIEW);
    const opening = state[7];
    this.#stage.setFrame(DEMO_VIEW, { joints: state, opening, objects, contact, success });
  }
}

/** Where each object lay at the starts of the episodes that are listed, m. */
function startsOf({ paths }: Overview, listed: readonly EpisodeSummary[]): TablePlace[][] {
  const found: TablePlace[][] = [];
  for (const { index } of listed) {
    const starts = paths.get(index)?.starts ?? [];
    for (let i = 0; i < starts.length; i += 2) {
      found[i / 2] ??= [];
      found[i / 2].push([starts[i], starts[i + 1]]);
    }
  }
  return found;
}

function regionsOf(task: string | undefined, starts: readonly TablePlace[][]): Region[] {
  const objects = TASKS.find(({ name }) => name === task)?.scene.objects ?? [];
  return starts.flatMap((places, i) => {
    const object = objects[i];
    return object ? [{ corners: hullOf(places), color: object.colour }] : [];
  });
}

/** Paths in the order in which they are drawn: what one looks at lies on top. */
export function strandsOf(
  { paths }: Pick<Overview, 'paths'>,
  listed: readonly EpisodeSummary[],
  {
    task,
    hovered,
    playback,
  }: {
    readonly task: string;
    readonly hovered: number | null;
    readonly playback: EpisodePlayback | null;
  },
): Strand[] {
  const modes = TASKS.find(({ name }) => name === task)?.modes ?? [];
  const colorOf = (mode: string | null) =>
    modes.find(({ name }) => name === mode)?.colour ?? PATH_COLORS.undecided;
  const drawn = listed.flatMap(({ index, mode }) => {
    const path = paths.get(index);
    return path ? [{ index, color: colorOf(mode), points: path.tcp }] : [];
  });
  const points = drawn.length > 0 ? drawn[0].points.length / 3 : 1;
  // Room for the ones on top, too.
  const most =
    Math.floor(STRAND_POINTS / points) - 8 - Math.ceil(((playback?.frames ?? 0) * 2) / points);
  const step = Math.max(1, Math.ceil(drawn.length / Math.max(1, most)));
  const look = playback ? BEHIND : drawn.length > MOST_OF_FEW ? MANY : FEW;
  const strands: Strand[] = drawn
    .filter(({ index }, i) => i % step === 0 && index !== hovered)
    .map(({ color, points }) => ({ points, color, ...look }));
  if (playback) {
    const mode = listed.find(({ index }) => index === playback.view.episode)?.mode ?? null;
    strands.push(
      { points: playback.tcp('action'), color: WISH_COLOR, ...WISHED },
      { points: playback.tcp('state'), color: colorOf(mode), ...PLAYED },
    );
  }
  const over = drawn.find(({ index }) => index === hovered);
  if (over) strands.push({ points: over.points, color: over.color, ...HOVERED });
  return strands;
}
