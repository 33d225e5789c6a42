import type { Lane } from '../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { formatLaneEntry, sourceNamed, splitLaneEntry } from '../../server/protocol/lane-entry.ts';
import { MAX_NFE, OBJECTIVES, SAMPLERS, SHIPPED } from '../../server/protocol/policies.ts';
import { ballPlace } from '../ball-bounds.ts';
import { FIRST_CHOICES, LANES, type LaneId, type PerLane, perLane } from '../lanes.ts';
import { choiceOf, drawingOf } from './drawing.ts';
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
  /** Open tab on the left; null when that rail is closed. */
  readonly tab: LeftTab | null;
  readonly side: RightTab | null;
  readonly camera: Camera;
  /** The view shown alone. */
  readonly focus: LaneId | null;
  readonly seed: number;
  readonly episode: number;
  readonly actionHorizon: number | null;
  /** Who acts, and how its chunks are drawn. */
  readonly lanes: PerLane<Lane>;
  readonly object: readonly [x: number, y: number] | null;
  readonly speed: number;
  /** Null where the browser's language decides. */
  readonly language: Language | null;
}

export const DEFAULT_URL: UrlState = {
  tab: null,
  side: 'why',
  camera: 'front',
  focus: null,
  seed: FIRST_SEED,
  episode: 0,
  actionHorizon: null,
  lanes: FIRST_CHOICES,
  object: null,
  speed: 1,
  language: null,
};

const CLOSED = 'closed';

/** @returns what follows the '#'; what is as on a first visit is left out */
export function encodeUrl(state: UrlState): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | null, standard: string | number | null) => {
    if (value !== standard && value !== null) query.set(key, String(value));
  };
  put('tab', state.tab, DEFAULT_URL.tab);
  put('side', state.side ?? CLOSED, DEFAULT_URL.side);
  put('camera', state.camera, DEFAULT_URL.camera);
  put('view', state.focus, null);
  put('seed', state.seed, DEFAULT_URL.seed);
  put('episode', state.episode, DEFAULT_URL.episode);
  put('ta', state.actionHorizon, null);
  put('policies', entriesOf(state.lanes), entriesOf(FIRST_CHOICES));
  if (state.object) put('ball', state.object.join(','), null);
  put('speed', state.speed, DEFAULT_URL.speed);
  put('lang', state.language, null);
  // Both may stand in an address as they are, where people read them.
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/** As `compare --policies` takes them. */
function entriesOf(lanes: PerLane<Lane>): string {
  return LANES.map((lane) => formatLaneEntry(lanes[lane])).join(',');
}

/** @param hash with or without its '#'; what it says wrongly is as on a first visit */
export function decodeUrl(hash: string): UrlState {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const one = <T extends string>(key: string, values: readonly T[]): T | null =>
    values.find((value) => value === query.get(key)) ?? null;
  const whole = (key: string, low: number, high: number): number | null => {
    const text = query.get(key) ?? '';
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : null;
  };
  const entries = (query.get('policies') ?? '').split(',');
  const choice = (lane: LaneId) => choiceIn(entries[LANES.indexOf(lane)] ?? '');
  return {
    tab: one('tab', LEFT_TABS),
    side: query.get('side') === CLOSED ? null : (one('side', RIGHT_TABS) ?? DEFAULT_URL.side),
    camera: one('camera', CAMERAS) ?? DEFAULT_URL.camera,
    focus: one('view', LANES),
    seed: whole('seed', 0, 16_383) ?? DEFAULT_URL.seed,
    episode: whole('episode', 0, 65_535) ?? DEFAULT_URL.episode,
    actionHorizon: whole('ta', 1, 128),
    lanes: perLane((lane) => choice(lane) ?? FIRST_CHOICES[lane]),
    object: place(query.get('ball')),
    speed: SPEEDS.find((speed) => String(speed) === query.get('speed')) ?? DEFAULT_URL.speed,
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

function place(text: string | null): readonly [number, number] | null {
  const match = /^(-?\d\.?\d{0,6}),(-?\d\.?\d{0,6})$/.exec(text ?? '');
  return match ? ballPlace(Number(match[1]), Number(match[2])) : null;
}
