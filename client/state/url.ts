import type { Lane } from '../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { formatLaneEntry, sourceNamed, splitLaneEntry } from '../../server/protocol/lane-entry.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import { MAX_NFE, OBJECTIVES, SAMPLERS, SHIPPED } from '../../server/protocol/policies.ts';
import { FIRST_CHOICES, LANES, type LaneId, type PerLane, perLane } from '../lanes.ts';
import { areApart, nearestPlace, type Place } from '../placing.ts';
import { canBeTold, STAGE_TASKS, type StageTask, taskOf } from '../stage-tasks.ts';
import { choiceOf, drawingOf, guided, noised } from './drawing.ts';
import { FIRST_SEED, SPEEDS } from './settings.ts';

export const LEFT_TABS = ['demos', 'train', 'compare', 'record'] as const;
export type LeftTab = (typeof LEFT_TABS)[number];
export const RIGHT_TABS = ['why', 'latency', 'state'] as const;
export type RightTab = (typeof RIGHT_TABS)[number];
export const CAMERAS = ['front', 'top', 'behind'] as const;
export type Camera = (typeof CAMERAS)[number];
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

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
  readonly actionHorizon: number | null;
  /** Who acts, and how its chunks are drawn; null where the address does not say. */
  readonly lanes: PerLane<Lane | null>;
  readonly objects: readonly Place[] | null;
  /** What is said in every episode; null where each has a sentence of its own, if any. */
  readonly instruction: string | null;
  readonly speed: number;
  /** Views say where the plans of policies that read look. */
  readonly attention: boolean;
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
  actionHorizon: null,
  lanes: FIRST_CHOICES,
  objects: null,
  instruction: null,
  speed: 1,
  attention: false,
  language: null,
};

const CLOSED = 'closed';
const SHOWN = 'shown';

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
  put('ta', state.actionHorizon, null);
  put('policies', entriesOf(state.lanes), entriesOf(firstLanes(state.task)));
  put('eta', etasOf(state.lanes), etasOf(FIRST_CHOICES));
  put('guidance', scalesOf(state.lanes), scalesOf(FIRST_CHOICES));
  put('say', state.instruction, null);
  if (state.objects) put('ball', state.objects.join(','), null);
  put('speed', state.speed, DEFAULT_URL.speed);
  put('attention', state.attention ? SHOWN : null, null);
  put('lang', state.language, null);
  // Both may stand in an address as they are, where people read them.
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
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
function firstLanes(task: StageTask): PerLane<Lane | null> {
  return task === DEFAULT_URL.task ? FIRST_CHOICES : perLane(() => null);
}

/** @param hash with or without its '#'; what it says wrongly is as on a first visit */
export function decodeUrl(hash: string): UrlState {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const one = <T extends string>(key: string, values: readonly T[]): T | null =>
    values.find((value) => value === query.get(key)) ?? null;
  const whole = (key: string, low: number, high: number): number | null => {
    const text = query.get(key) ?? '';
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : null;
  };
  const task = one('task', STAGE_TASKS) ?? DEFAULT_URL.task;
  const part = (key: string, lane: LaneId) =>
    (query.get(key) ?? '').split(',')[LANES.indexOf(lane)] ?? '';
  const choice = (lane: LaneId) => {
    const chosen = choiceIn(part('policies', lane)) ?? firstLanes(task)[lane];
    const scale = canBeTold(task) ? scaleIn(part('guidance', lane)) : undefined;
    return chosen && withEta(guided(chosen, scale), part('eta', lane));
  };
  const said = canBeTold(task) ? query.get('say') : null;
  return {
    task,
    tab: one('tab', LEFT_TABS),
    side: query.get('side') === CLOSED ? null : (one('side', RIGHT_TABS) ?? DEFAULT_URL.side),
    camera: one('camera', CAMERAS) ?? DEFAULT_URL.camera,
    focus: one('view', LANES),
    seed: whole('seed', 0, LIMITS.seed) ?? DEFAULT_URL.seed,
    episode: whole('episode', 0, 65_535) ?? DEFAULT_URL.episode,
    actionHorizon: whole('ta', 1, 128),
    lanes: perLane(choice),
    objects: places(query.get('ball'), task),
    instruction: said !== null && said.length <= LIMITS.instruction ? said : null,
    speed: SPEEDS.find((speed) => String(speed) === query.get('speed')) ?? DEFAULT_URL.speed,
    attention: query.get('attention') === SHOWN,
    language: one('lang', LANGUAGES),
  };
}

const SAMPLER_NAMES: readonly string[] = Object.values(SAMPLERS).flat();

/**
 * A policy that ships is drawn as usual where the entry's way does not fit it; what fits a run is
 * known to the server.
 */
function choiceIn(text: string): Lane | null {
  const entry = splitLaneEntry(text);
  const policy = entry && sourceNamed(entry.name);
  if (!policy) return null;
  const { sampler, nfe } = entry;
  if (policy.kind === 'run') {
    if (sampler === undefined || !SAMPLER_NAMES.includes(sampler)) return { policy };
    return { policy, sampler, ...(nfe !== undefined && nfe >= 1 && nfe <= MAX_NFE && { nfe }) };
  }
  const objective = OBJECTIVES[SHIPPED[policy.name]];
  const drawing = sampler === undefined ? null : drawingOf(objective, { policy, ...entry });
  return drawing ? choiceOf(policy, objective, drawing.sampler, drawing.nfe) : { policy };
}

/** Without what is no η, or where a policy that ships is drawn by a sampler that has none. */
function withEta(choice: Lane, text: string): Lane {
  const eta = /^[01](\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(eta <= 1)) return choice;
  const { policy, sampler } = choice;
  const fits =
    policy.kind === 'run'
      ? sampler === undefined || sampler === 'ddim'
      : drawingOf(OBJECTIVES[SHIPPED[policy.name]], choice)?.eta != null;
  return fits ? noised(choice, eta) : choice;
}

/** Undefined for what is no scale of guidance. */
function scaleIn(text: string): number | undefined {
  const scale = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return scale <= LIMITS.guidance ? scale : undefined;
}

const COORDINATE = /^-?\d\.?\d{0,6}$/;

/** A pair an object, in the task's order; null where they cannot lie there together. */
function places(text: string | null, name: StageTask): readonly Place[] | null {
  const { placing, objectNames } = taskOf(name);
  const numbers = (text ?? '').split(',');
  if (numbers.length !== 2 * objectNames.length) return null;
  if (!numbers.every((each) => COORDINATE.test(each))) return null;
  const all = objectNames.map((_, i) =>
    nearestPlace(placing, Number(numbers[2 * i]), Number(numbers[2 * i + 1])),
  );
  const clash = all.some((a, i) => all.slice(i + 1).some((b) => !areApart(placing, a, b)));
  return clash ? null : all;
}
