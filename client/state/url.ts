import { NAME_PATTERN } from '../../server/protocol/names.ts';
import { ballPlace } from '../ball-bounds.ts';
import { LANES, type LaneId, type PerLane, perLane, SAMPLED_LANES } from '../lanes.ts';
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
  readonly nfe: PerLane<number | null>;
  /** Ids of the runs on the stage; null for the checkpoint that ships. */
  readonly runs: PerLane<string | null>;
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
  nfe: perLane(() => null),
  runs: perLane(() => null),
  object: null,
  speed: 1,
  language: null,
};

const RUN_ID = new RegExp(`^${NAME_PATTERN}$`);
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
  for (const lane of SAMPLED_LANES) put(`nfe-${lane}`, state.nfe[lane], null);
  for (const lane of LANES) put(lane, state.runs[lane], null);
  if (state.object) put('ball', state.object.join(','), null);
  put('speed', state.speed, DEFAULT_URL.speed);
  put('lang', state.language, null);
  return query.toString();
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
  const run = (lane: LaneId) => {
    const id = query.get(lane);
    return id !== null && RUN_ID.test(id) ? id : null;
  };
  return {
    tab: one('tab', LEFT_TABS),
    side: query.get('side') === CLOSED ? null : (one('side', RIGHT_TABS) ?? DEFAULT_URL.side),
    camera: one('camera', CAMERAS) ?? DEFAULT_URL.camera,
    focus: one('view', LANES),
    seed: whole('seed', 0, 16_383) ?? DEFAULT_URL.seed,
    episode: whole('episode', 0, 65_535) ?? DEFAULT_URL.episode,
    actionHorizon: whole('ta', 1, 128),
    nfe: perLane((lane) => (lane === 'l2' ? null : whole(`nfe-${lane}`, 1, 1000))),
    runs: perLane(run),
    object: place(query.get('ball')),
    speed: SPEEDS.find((speed) => String(speed) === query.get('speed')) ?? DEFAULT_URL.speed,
    language: one('lang', LANGUAGES),
  };
}

function place(text: string | null): readonly [number, number] | null {
  const match = /^(-?\d\.?\d{0,6}),(-?\d\.?\d{0,6})$/.exec(text ?? '');
  return match ? ballPlace(Number(match[1]), Number(match[2])) : null;
}
