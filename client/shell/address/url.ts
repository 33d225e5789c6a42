import type { Chunking } from '../../../server/protocol/chunking.ts';
import type { Lane } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { formatLaneEntry } from '../../../server/protocol/lane-entry.ts';
import {
  FIRST_CHOICES,
  LANES,
  type LaneId,
  type PerLane,
  perLane,
} from '../../shared/lanes/lanes.ts';
import { FIRST_SEED } from '../../shared/lanes/settings.ts';
import type { Place } from '../../shared/tasks/placing.ts';
import { STAGE_TASKS, type StageTask } from '../../shared/tasks/stage-tasks.ts';
import type { Language } from '../../texts.ts';

export const LEFT_TABS = ['demos', 'train', 'compare', 'record'] as const;
export type LeftTab = (typeof LEFT_TABS)[number];
export const RIGHT_TABS = ['why', 'denoise', 'latency', 'state'] as const;
export type RightTab = (typeof RIGHT_TABS)[number];
export const CAMERAS = ['front', 'top', 'behind'] as const;
export type Camera = (typeof CAMERAS)[number];

/** All that decides what the page shows; it lives in the address behind the '#'. */
export interface UrlState {
  readonly task: StageTask;
  /** Open tab on the left; null when that rail is closed. */
  readonly tab: LeftTab | null;
  readonly side: RightTab | null;
  readonly camera: Camera;
  /** The view shown alone. */
  readonly focus: LaneId | null;
  readonly seed: number;
  readonly episode: number;
  /** Which noise of the seed is drawn. */
  readonly noise: number;
  /** Rows of the batches of an evaluation whose rollouts are played; null where each plan is alone. */
  readonly batch: number | null;
  /** What is otherwise in all views; null for nothing. */
  readonly perturb: string | null;
  /** What arms do while a plan is made; null where each is there at once. */
  readonly chunking: Chunking | null;
  /** The view that the room of noise looks at; null where that is not open, or for it to choose. */
  readonly denoise: LaneId | null;
  readonly actionHorizon: number | null;
  /** Who acts, and how its chunks are drawn; null where the address does not say. */
  readonly lanes: PerLane<Lane | null>;
  readonly objects: readonly Place[] | null;
  /** What is said in every episode; null where each has a sentence of its own, if any. */
  readonly instruction: string | null;
  readonly speed: number;
  /** Control step at which the episode stands still; null where it plays. */
  readonly moment: number | null;
  /** The first plans of an episode stay in the scene. */
  readonly ghosts: boolean;
  /** The view whose curves are open. */
  readonly curves: LaneId | null;
  /** Views say where the plans of policies that read look. */
  readonly attention: boolean;
  /** All pages with this address watch one stage. */
  readonly together: boolean;
  /** Null where the browser's language decides. */
  readonly language: Language | null;
}

export const DEFAULT_URL: UrlState = {
  task: STAGE_TASKS[0],
  tab: null,
  side: 'why',
  camera: 'front',
  focus: null,
  seed: FIRST_SEED,
  episode: 0,
  noise: 0,
  batch: null,
  perturb: null,
  chunking: null,
  denoise: null,
  actionHorizon: null,
  lanes: FIRST_CHOICES,
  objects: null,
  instruction: null,
  speed: 1,
  moment: null,
  ghosts: true,
  curves: null,
  attention: false,
  together: false,
  language: null,
};

export const CLOSED = 'closed';
export const SHOWN = 'shown';
export const HIDDEN = 'hidden';

/** @returns what follows the '#'; what is as on a first visit is left out */
export function encodeUrl(state: UrlState): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | null, standard: string | number | null) => {
    if (value !== standard && value !== null) query.set(key, String(value));
  };
  put('task', state.task, DEFAULT_URL.task);
  put('tab', state.tab, DEFAULT_URL.tab);
  put('side', state.side ?? CLOSED, DEFAULT_URL.side);
  put('camera', state.camera, DEFAULT_URL.camera);
  put('view', state.focus, null);
  put('seed', state.seed, DEFAULT_URL.seed);
  put('episode', state.episode, DEFAULT_URL.episode);
  put('noise', state.noise, DEFAULT_URL.noise);
  put('batch', state.batch, null);
  put('perturb', state.perturb, null);
  put('scheme', state.chunking?.scheme ?? null, null);
  put('delay', state.chunking?.delay ?? null, null);
  put('denoise', state.denoise, null);
  put('ta', state.actionHorizon, null);
  put('policies', entriesOf(state.lanes), entriesOf(firstLanes(state.task)));
  put('eta', etasOf(state.lanes), etasOf(FIRST_CHOICES));
  put('guidance', scalesOf(state.lanes), scalesOf(FIRST_CHOICES));
  put('say', state.instruction, null);
  if (state.objects) put('ball', state.objects.join(','), null);
  put('speed', state.speed, DEFAULT_URL.speed);
  put('t', state.moment, null);
  put('paused', state.moment === null ? null : '', null);
  put('ghosts', state.ghosts ? null : HIDDEN, null);
  put('curves', state.curves, null);
  put('attention', state.attention ? SHOWN : null, null);
  put('together', state.together ? '' : null, null);
  put('lang', state.language, null);
  // Both may stand in an address as they are, where people read them.
  return query
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll(/\b(paused|together)=(?=&|$)/g, '$1');
}

/** As `compare --policies` takes them. */
function entriesOf(lanes: PerLane<Lane | null>): string {
  return LANES.map((lane) => {
    const choice = lanes[lane];
    return choice ? formatLaneEntry(choice) : '';
  }).join(',');
}

function etasOf(lanes: PerLane<Lane | null>): string {
  return LANES.map((lane) => lanes[lane]?.eta ?? 0).join(',');
}

function scalesOf(lanes: PerLane<Lane | null>): string {
  return LANES.map((lane) => lanes[lane]?.guidance ?? 1).join(',');
}

/** Who acts where the address does not say: in other tasks that depends on what there is. */
export function firstLanes(task: StageTask): PerLane<Lane | null> {
  return task === DEFAULT_URL.task ? FIRST_CHOICES : perLane(() => null);
}
