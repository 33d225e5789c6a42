import { cutText } from '../../policies/config/index.ts';
import { CONTROL_RATES, type ControlHz, findTask, type Task } from '../../sim/index.ts';
import { parseEnvelope } from '../store/envelope.ts';
import { COMMAND, FACTS, INTERVENTION, SUCCESS } from '../store/features.ts';
import type { EpisodeFacts } from '../store/index.ts';
import { PICTURES } from '../store/pictures.ts';
import { type Description, readDescription } from './description.ts';
import { refusal } from './refusal.ts';
import { checkTimes, firstDrift, resample } from './resample.ts';
import {
  COUNTERS,
  chooseColumns,
  type FeatureMap,
  isNumeric,
  namesOf,
  ROLES,
  type RoleColumns,
  recogniseTask,
} from './roles.ts';
import { type RawEpisode, readRuns } from './runs.ts';
import { chooseSide, type SideColumns } from './side-columns.ts';
import { staleStatistics, Tally } from './statistics-check.ts';
import { listTables, readIndex, readWords } from './tables.ts';

export interface ForeignOptions {
  /** Whose scene it shows. @default the one it tells by its names and words */
  readonly task?: string;
  /** Features that stand for those of here. @default the ones of the same names */
  readonly map?: FeatureMap;
  /** Control rate to bring it to, Hz, or the nearest to its own; null as it is. @default null */
  readonly resample?: ControlHz | 'nearest' | null;
}

/** An episode of another program's dataset; rows of each array are control steps. */
export interface ForeignEpisode {
  /** Number it has there. */
  readonly index: number;
  readonly length: number;
  /** [length, 8], [length, environment], [length, 8] */
  readonly state: Float32Array;
  readonly environment: Float32Array;
  readonly action: Float32Array;
  /** [length, 8]; null where the files do not tell it from the actions. */
  readonly command: Float32Array | null;
  readonly intervention: Uint8Array | null;
  /** Null where the files do not say. */
  readonly success: boolean | null;
  /** What its demonstrator was told: one sentence unless that changes midway; '' of one that is not there. */
  readonly words: readonly string[];
  /** What its frames say of it, where this program wrote them. */
  readonly facts: EpisodeFacts | null;
}

/** A dataset in LeRobot's layout that anyone may have written. */
export class ForeignDataset {
  readonly task: Task;
  readonly controlHz: ControlHz;
  /** Pixels of the pictures that this program would keep again; null without. */
  readonly camera: number | null;
  readonly interventions: boolean;
  /** Episodes in its index. */
  readonly episodes: number;
  readonly #root: string;
  readonly #description: Description;
  readonly #columns: RoleColumns;
  readonly #side: SideColumns;
  readonly #paths: readonly string[];
  readonly #words: ReadonlyMap<number, string>;
  readonly #index: ReadonlyMap<number, number>;
  readonly #resampled: boolean;
  readonly #notes: string[] = [];

  private constructor(
    root: string,
    description: Description,
    parts: {
      readonly task: Task;
      readonly controlHz: ControlHz;
      readonly columns: RoleColumns;
      readonly paths: readonly string[];
      readonly words: ReadonlyMap<number, string>;
      readonly index: ReadonlyMap<number, number>;
      readonly resampled: boolean;
    },
  ) {
    this.#root = root;
    this.#description = description;
    this.task = parts.task;
    this.controlHz = parts.controlHz;
    this.episodes = parts.index.size;
    this.#columns = parts.columns;
    this.#side = chooseSide(description, parts.task);
    this.#paths = parts.paths;
    this.#words = parts.words;
    this.#index = parts.index;
    this.#resampled = parts.resampled;
    this.interventions = this.#side.names.has(INTERVENTION);
    this.camera = cameraOf(description);
  }

  /**
   * Looks at everything but the frames.
   *
   * @param root its directory
   * @throws DatasetError 'damaged', 'mismatch'; FileError
   */
  static async open(
    root: string,
    { task: name, map = {}, resample: wanted = null }: ForeignOptions = {},
  ): Promise<ForeignDataset> {
    const description = await readDescription(root);
    const words = await readWords(root, description);
    const task =
      name === undefined ? recogniseTask(description, [...words.values()]) : findTask(name);
    const columns = chooseColumns(description, task, map);
    const controlHz = rateOf(description, wanted);
    const paths = await listTables(root);
    const index = await readIndex(root, description);
    const parts = { task, controlHz, columns, paths, words, index, resampled: wanted !== null };
    const dataset = new ForeignDataset(root, description, parts);
    dataset.#sayWhatIsLeftOut();
    return dataset;
  }

  /** What is to be said of it, in sentences; complete once all episodes are read. */
  get notes(): readonly string[] {
    return this.#notes.map((note) => cutText(note, NOTE_LENGTH));
  }

  /**
   * All episodes of at least two frames, in the order of their frames.
   *
   * @throws DatasetError 'damaged'; FileError
   */
  async *read(): AsyncGenerator<ForeignEpisode, void, undefined> {
    const seen = new Set<number>();
    const wide = new Set<string>();
    const short: number[] = [];
    const tally = new Tally();
    const { names } = this.#side;
    const runs = readRuns(this.#root, this.#paths, this.#columns, names, (name) => wide.add(name));
    let resampled = 0;
    for await (const raw of runs) {
      this.#holdAgainstIndex(raw);
      seen.add(raw.index);
      for (const role of ROLES) {
        tally.add(role, raw.numbers[role], namesOf(this.task, role).length);
      }
      const timed = this.#timed(raw);
      if (timed !== raw) resampled++;
      if (timed.frames < 2) short.push(raw.index);
      else yield this.#episodeOf(timed);
    }
    for (const [index, length] of this.#index) {
      if (seen.has(index)) continue;
      if (length > 0) throw missingFrames(index, length, 0);
      short.push(index);
    }
    wide.delete('timestamp');
    if (wide.size > 0) {
      this.#notes.push(`float64 columns are rounded to float32: ${[...wide].sort().join(', ')}`);
    }
    if (short.length > 0) {
      this.#notes.push(`left out, without two frames: ${listed('episode', short)}`);
    }
    if (resampled > 0) {
      this.#notes.push(
        `brought to ${this.controlHz} Hz by their timestamps: ${resampled} episodes`,
      );
    }
    this.#sayOfNumbers(seen);
    await this.#sayOfStatistics(tally);
  }

  #timed(raw: RawEpisode): RawEpisode {
    if (!this.#resampled) {
      checkTimes(raw, this.controlHz);
      return raw;
    }
    const asItIs =
      this.#description.fps === this.controlHz && firstDrift(raw.times, this.controlHz) < 0;
    return asItIs ? raw : resample(raw, this.controlHz);
  }

  #episodeOf(raw: RawEpisode): ForeignEpisode {
    const { index, frames: length, numbers, command, intervention, success, told } = raw;
    return {
      ...{ index, length, intervention, success },
      state: rounded(raw, 'observation.state', numbers['observation.state']),
      environment: rounded(
        raw,
        'observation.environment_state',
        numbers['observation.environment_state'],
      ),
      action: rounded(raw, 'action', numbers.action),
      command: command && rounded(raw, COMMAND, command),
      words: [...new Set(raw.taskIndices.map((each) => this.#words.get(each) ?? ''))],
      facts: told === null ? null : parseEnvelope(told),
    };
  }

  /** @throws DatasetError 'damaged' where files and index tell different things */
  #holdAgainstIndex({ index, frames }: RawEpisode): void {
    const length = this.#index.get(index);
    if (length === frames) return;
    if (length !== undefined) throw missingFrames(index, length, frames);
    throw refusal('index of episodes', {
      expected: `episode ${index}, whose ${frames} frames are there`,
      got: 'none of that number',
      cure: 're-save the dataset with LeRobot, or remove the file of what is not in the index',
    });
  }

  #sayWhatIsLeftOut(): void {
    const pictures = [...this.#description.features]
      .filter(([name, { dtype }]) => isPicture(dtype) && !(name === PICTURES && this.camera))
      .map(([name]) => name);
    if (pictures.length > 0) {
      this.#notes.push(
        `pictures are left out (policies here see what the simulated camera renders): ${pictures.join(', ')}`,
      );
    }
    const used = new Set([...ROLES.flatMap((role) => this.#columns[role]).map(({ name }) => name)]);
    const further = [...this.#description.features]
      .filter(([name, { dtype }]) => !used.has(name) && !KNOWN.has(name) && isNumeric(dtype))
      .map(([name]) => name);
    if (further.length > 0) {
      this.#notes.push(`columns without a use here are left out: ${further.join(', ')}`);
    }
    if (this.#side.others.length > 0) {
      this.#notes.push(
        `columns are left out, not of the kind they are here: ${this.#side.others.join(', ')}`,
      );
    }
  }

  /** Episodes are numbered anew; counts are those of what is there. */
  #sayOfNumbers(seen: ReadonlySet<number>): void {
    const { episodes, frames } = this.#description;
    const gaps = [...seen].filter((index, i) => index !== i).length;
    const counted = [...this.#index.values()].reduce((sum, each) => sum + each, 0);
    if (gaps > 0)
      this.#notes.push('episodes are numbered anew: there were gaps between their numbers');
    if (episodes === this.#index.size && frames === counted) return;
    this.#notes.push(
      `meta/info.json says ${episodes} episodes of ${frames} frames, there are ${this.#index.size} of ${counted}`,
    );
  }

  async #sayOfStatistics(tally: Tally): Promise<void> {
    const stale = await staleStatistics(this.#root, this.#description, this.#columns, tally);
    if (stale === null)
      this.#notes.push('it has no statistics that can be read: they are made anew');
    else if (stale.length > 0) {
      this.#notes.push(`statistics did not fit the frames and are made anew: ${stale.join(', ')}`);
    }
  }
}

/** Names in it are of anyone's choice, and there may be thousands. Characters */
const NOTE_LENGTH = 500;

const KNOWN = new Set([...COUNTERS, COMMAND, SUCCESS, 'next.done', INTERVENTION]);

/** @throws DatasetError 'mismatch' for numbers that f32 does not hold */
function rounded({ index, frames }: RawEpisode, what: string, values: Float64Array): Float32Array {
  const flat = Float32Array.from(values);
  const bad = flat.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return flat;
  const frame = Math.floor(bad / (values.length / frames));
  throw refusal(
    `${what} of episode ${index}, frame ${frame}`,
    {
      expected: 'numbers that float32 holds',
      got: `${values[bad]}`,
      cure: 're-record the episode, or delete it with LeRobot',
    },
    'mismatch',
  );
}

function isPicture(dtype: string): boolean {
  return dtype === 'image' || dtype === 'video';
}

/** Pictures that this program rendered and can render again: square ones beside its own facts. */
function cameraOf({ features }: Description): number | null {
  const pictures = features.get(PICTURES);
  if (pictures?.dtype !== 'image' || !features.has(FACTS)) return null;
  const size = Math.sqrt(pictures.width / 3);
  return Number.isInteger(size) && size >= 64 && size <= 256 ? size : null;
}

/** @throws DatasetError 'mismatch' for a rate at which nothing acts here */
function rateOf({ fps }: Description, wanted: ControlHz | 'nearest' | null): ControlHz {
  const nearest = fps > 35 ? 50 : 20;
  const own = CONTROL_RATES.find((each) => each === fps);
  const rate = wanted === 'nearest' ? nearest : (wanted ?? own);
  if (rate !== undefined) return rate;
  throw refusal(
    'fps',
    {
      expected: CONTROL_RATES.join(' or '),
      got: `${fps}`,
      cure: `bring it to one of them: --resample ${nearest}`,
    },
    'mismatch',
  );
}

function missingFrames(index: number, expected: number, got: number) {
  return refusal(`episode ${index}`, {
    expected: `${expected} frames, as the index says`,
    got: `${got}`,
    cure: 'restore the missing files, or delete the episode with LeRobot',
  });
}

function listed(what: string, indices: readonly number[]): string {
  const shown = indices.slice(0, 20).join(', ');
  return `${what}${indices.length === 1 ? '' : 's'} ${shown}${indices.length > 20 ? ', …' : ''}`;
}
