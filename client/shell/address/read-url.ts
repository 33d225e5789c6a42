import { SCHEMES } from '../../../server/protocol/chunking.ts';
import type { Lane } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { formatLaneEntry } from '../../../server/protocol/lane-entry.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { guided } from '../../shared/lanes/drawing.ts';
import { LANES, type LaneId, perLane } from '../../shared/lanes/lanes.ts';
import { SPEEDS } from '../../shared/lanes/settings.ts';
import { areApart, boundsOf, type Place } from '../../shared/tasks/placing.ts';
import { canBeTold, STAGE_TASKS, type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { LANGUAGES } from '../../texts.ts';
import { LARGEST } from './bounds.ts';
import type { Expected } from './expected.ts';
import { readChoice, readEta, readScale } from './read-lane.ts';
import {
  CAMERAS,
  CLOSED,
  DEFAULT_URL,
  firstLanes,
  HIDDEN,
  LEFT_TABS,
  RIGHT_TABS,
  SHOWN,
  type UrlState,
} from './url.ts';

/** A part of an address that is not believed. */
export interface Ignored {
  readonly field: string;
  /** The view it is about; null for all. */
  readonly lane: LaneId | null;
  readonly got: string;
  readonly expected: Expected;
  /** What is in force instead, as an address says it; null where it counts as left out. */
  readonly stands: string | null;
}

/** Every field that an address may have. */
export const FIELDS: readonly string[] = [
  'task',
  'tab',
  'side',
  'camera',
  'view',
  'seed',
  'episode',
  'ta',
  'policies',
  'eta',
  'noise',
  'batch',
  'perturb',
  'scheme',
  'delay',
  'denoise',
  'guidance',
  'say',
  'ball',
  'speed',
  't',
  'paused',
  'ghosts',
  'curves',
  'attention',
  'together',
  'lang',
];

/** Reads the fields of an address, and notes those that say something wrong. */
class AddressReader {
  readonly ignored: Ignored[] = [];
  readonly #query: URLSearchParams;

  constructor(hash: string) {
    this.#query = new URLSearchParams(hash.replace(/^#/, ''));
    for (const field of new Set(this.#query.keys())) {
      const [first, second] = this.#query.getAll(field);
      if (!FIELDS.includes(field)) this.ignore(field, first, { kind: 'field' });
      else if (second !== undefined) this.ignore(field, second, { kind: 'once' }, first);
    }
  }

  text(field: string): string | null {
    return this.#query.get(field);
  }

  ignore(
    field: string,
    got: string,
    expected: Expected,
    stands: string | number | null = null,
    lane: LaneId | null = null,
  ): void {
    this.ignored.push({
      field,
      lane,
      got,
      expected,
      stands: stands === null ? null : String(stands),
    });
  }

  /** One of some words; what stands where it is none of them, or where nothing is said. */
  one<T extends string, D extends T | null>(
    field: string,
    values: readonly T[],
    otherwise: D,
  ): T | D {
    const text = this.text(field);
    const value = values.find((each) => each === text);
    if (value !== undefined) return value;
    if (text !== null) this.ignore(field, text, { kind: 'oneOf', values }, otherwise);
    return otherwise;
  }

  whole<D extends number | null>(
    field: string,
    { low, high }: { low: number; high: number },
    otherwise: D,
  ): number | D {
    const text = this.text(field);
    if (text === null) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    this.ignore(field, text, { kind: 'whole', low, high }, otherwise);
    return otherwise;
  }

  /** Whether a field that has no value is there. */
  bare(field: string): boolean {
    const text = this.text(field);
    if (text !== null && text !== '') this.ignore(field, text, { kind: 'bare' });
    return text === '';
  }

  /** What a field says of each view; '' where it says nothing of one. */
  parts(field: string): (lane: LaneId) => string {
    const text = this.text(field) ?? '';
    const parts = text.split(',');
    if (parts.length > LANES.length) this.ignore(field, text, { kind: 'views' });
    return (lane) => parts[LANES.indexOf(lane)] ?? '';
  }
}

/**
 * @param hash with or without its '#'; what it says wrongly is as on a first visit
 * @returns the state it asks for, and which parts of it were not believed
 */
export function readUrl(hash: string): {
  readonly state: UrlState;
  readonly ignored: readonly Ignored[];
} {
  const reader = new AddressReader(hash);
  const task = reader.one('task', STAGE_TASKS, DEFAULT_URL.task);
  const speeds = SPEEDS.map(String);
  const perturb = reader.text('perturb');
  const side = reader.one('side', [...RIGHT_TABS, CLOSED], DEFAULT_URL.side);
  const denoised = readDenoised(reader, side === 'denoise');
  const state: UrlState = {
    task,
    tab: reader.one('tab', LEFT_TABS, DEFAULT_URL.tab),
    side: side === CLOSED ? null : side,
    camera: reader.one('camera', CAMERAS, DEFAULT_URL.camera),
    focus: reader.one('view', LANES, DEFAULT_URL.focus),
    seed: reader.whole('seed', { low: 0, high: LARGEST.seed }, DEFAULT_URL.seed),
    episode: reader.whole('episode', { low: 0, high: LARGEST.episode }, DEFAULT_URL.episode),
    noise: reader.whole('noise', { low: 0, high: LARGEST.noise }, DEFAULT_URL.noise),
    batch: reader.whole('batch', { low: 1, high: LARGEST.batch }, null),
    // Which names and magnitudes there are the stage knows, and says.
    perturb: reader.one('perturb', [perturb?.includes('=') ? perturb : 'NAME=MAGNITUDE'], null),
    chunking: readChunking(reader),
    denoise: denoised.lane,
    actionHorizon: reader.whole('ta', { low: 1, high: LARGEST.actionHorizon }, null),
    lanes: readLanes(reader, task),
    objects: readPlaces(reader, task),
    instruction: readInstruction(reader, task),
    speed: Number(reader.one('speed', speeds, String(DEFAULT_URL.speed))),
    moment: readStop(reader) ?? denoised.step,
    ghosts: reader.one('ghosts', [HIDDEN], null) !== HIDDEN,
    curves: reader.one('curves', LANES, DEFAULT_URL.curves),
    attention: reader.one('attention', [SHOWN], null) === SHOWN,
    together: reader.bare('together'),
    language: reader.one('lang', LANGUAGES, DEFAULT_URL.language),
  };
  return { state, ignored: reader.ignored };
}

/** @param hash as for `readUrl` */
export function decodeUrl(hash: string): UrlState {
  return readUrl(hash).state;
}

/**
 * "2", or "2@34" with the control step of a plan to stand still at.
 *
 * @param open nothing is looked at where the room is not open
 */
function readDenoised(
  reader: AddressReader,
  open: boolean,
): { readonly lane: LaneId | null; readonly step: number | null } {
  const nothing = { lane: null, step: null };
  const text = reader.text('denoise');
  if (text === null) return nothing;
  const [, lane, at] = (open && /^(\d)(?:@(\d{1,6}))?$/.exec(text)) || [];
  const known = LANES.find((each) => each === lane);
  const step = at === undefined ? null : Number(at);
  if (known && (step ?? 0) <= LARGEST.moment) return { lane: known, step };
  reader.ignore('denoise', text, { kind: open ? 'moment' : 'noiseRoom' });
  return nothing;
}

/** Either stands for both: an arm that waits, plans that are there at once. */
function readChunking(reader: AddressReader): UrlState['chunking'] {
  const scheme = reader.one('scheme', SCHEMES, null);
  const delay = reader.whole('delay', { low: 0, high: LIMITS.delay }, null);
  if (scheme === null && delay === null) return null;
  return { scheme: scheme ?? SCHEMES[0], delay: delay ?? 0 };
}

function readLanes(reader: AddressReader, task: StageTask): UrlState['lanes'] {
  const told = canBeTold(task);
  const [policies, etas, scales] = ['policies', 'eta', 'guidance'].map((field) =>
    reader.parts(field),
  );
  const scaleText = reader.text('guidance');
  if (!told && scaleText !== null) reader.ignore('guidance', scaleText, { kind: 'told' });

  function choice(lane: LaneId): Lane | null {
    const entry = policies(lane);
    const first = firstLanes(task)[lane];
    const { choice: said, expected } = readChoice(entry);
    const chosen = said ?? first;
    if (expected) {
      reader.ignore('policies', entry, expected, chosen && formatLaneEntry(chosen), lane);
    }
    const eta = etas(lane);
    const scale = told ? scales(lane) : '';
    if (!chosen) {
      if (eta !== '') reader.ignore('eta', eta, { kind: 'acts' }, null, lane);
      if (scale !== '') reader.ignore('guidance', scale, { kind: 'acts' }, null, lane);
      return null;
    }
    const w = readScale(scale);
    if (scale !== '' && w === undefined) {
      reader.ignore('guidance', scale, { kind: 'guidance' }, 1, lane);
    }
    const drawn = readEta(guided(chosen, w), eta);
    if (eta !== '' && drawn === null) reader.ignore('eta', eta, { kind: 'eta' }, 0, lane);
    return drawn ?? guided(chosen, w);
  }
  return perLane(choice);
}

function readInstruction(reader: AddressReader, task: StageTask): string | null {
  const text = reader.text('say');
  if (text === null) return null;
  if (canBeTold(task) && text.length <= LIMITS.instruction) return text;
  reader.ignore('say', text, { kind: canBeTold(task) ? 'text' : 'told' });
  return null;
}

/** A moment counts where the episode is to stand still; without one, that is at its start. */
function readStop(reader: AddressReader): number | null {
  const step = reader.whole('t', { low: 0, high: LARGEST.moment }, null);
  return reader.bare('paused') ? (step ?? 0) : null;
}

const COORDINATE = /^-?\d\.?\d{0,6}$/;

/** A pair an object, in the task's order; null where they cannot lie there together. */
function readPlaces(reader: AddressReader, name: StageTask): readonly Place[] | null {
  const text = reader.text('ball');
  if (text === null) return null;
  const { placing, objectNames } = taskOf(name);
  const numbers = text.split(',');
  const bounds = boundsOf(placing);
  const inside = (value: number, [low, high]: readonly [number, number]) =>
    value >= low && value <= high;
  const places = objectNames.map((_, i): Place => {
    // −0 would be written as 0 and come back as another number.
    return [Number(numbers[2 * i]) + 0, Number(numbers[2 * i + 1]) + 0];
  });
  const sound =
    numbers.length === 2 * objectNames.length &&
    numbers.every((each) => COORDINATE.test(each)) &&
    places.every(([x, y]) => inside(x, bounds.x) && inside(y, bounds.y)) &&
    places.every((a, i) => places.slice(i + 1).every((b) => areApart(placing, a, b)));
  if (sound) return places;
  reader.ignore('ball', text, { kind: 'places', task: name });
  return null;
}
