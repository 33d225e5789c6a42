import { LIMITS } from '../../../server/protocol/limits.ts';
import { NAME_PATTERN } from '../../../server/protocol/names.ts';
import type { Span } from '../../../server/protocol/takeover-commands.ts';
import { ACTION_DIM, type InitialState, JOINT_COUNT } from '../../../sim/index.ts';
import { REPLAY_HASH } from '../../../sim/replay-hash.ts';
import { modeNames } from '../../../sim/tasks/task.ts';
import { STAGE_TASKS, type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { SESSION_SEEDS } from './asking.ts';
import type { Demand } from './demand.ts';
import { type FinishedRecording, RECORD_HZ } from './recorder.ts';
import { behavioursOf, type PlanMark } from './starts.ts';

/** An attempt under way, with all that brings it back after its page has gone. */
export interface KeptOpen {
  readonly kind: 'open';
  /** ms since 1970 */
  readonly at: number;
  readonly task: StageTask;
  readonly seed: number | null;
  readonly initial: InitialState;
  /** f32 [T, 8] */
  readonly commands: Float32Array;
  /** Of them, what a policy did before a person took over, and what of that was a person's. */
  readonly before: number;
  readonly spans: readonly Span[];
  readonly done: boolean;
  /** Where a correction goes. */
  readonly dataset: string;
  readonly beginWith: string | null;
  readonly demand: Demand | null;
  /** Of the starts: their seed, and where their plan was. */
  readonly session: number;
  readonly plan: PlanMark;
}

/** A demonstration that the server may not have. */
export interface KeptFinished {
  readonly kind: 'finished';
  readonly dataset: string;
  readonly beginWith: string | null;
  readonly finished: FinishedRecording;
}

export type KeptTake = KeptOpen | KeptFinished;

/** Characters: the longest recording takes half of them. */
const LONGEST_TEXT = 256 * 1024;
/** Starts that a session can have. */
const MOST_STARTS = 65_535;
const NAME = new RegExp(`^${NAME_PATTERN}$`);

/** As text, for the browser's storage. */
export function writeKept(kept: KeptTake): string {
  const packed =
    kept.kind === 'open'
      ? { ...kept, commands: toBase64(kept.commands) }
      : { ...kept, finished: { ...kept.finished, commands: toBase64(kept.finished.commands) } };
  return JSON.stringify(packed);
}

/** @returns null for what `writeKept` did not write: another version, or anybody, may have */
export function readKept(text: string): KeptTake | null {
  if (text.length > LONGEST_TEXT) return null;
  try {
    const value = fieldsOf(JSON.parse(text));
    return value.kind === 'open' ? readOpen(value) : readFinished(value);
  } catch {
    return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function readOpen(value: Fields): KeptOpen {
  const task = taskIn(value.task);
  const commands = commandsIn(value.commands);
  const before = countIn(value.before, commands.length / ACTION_DIM);
  const demand = value.demand === null ? null : fieldsOf(value.demand);
  const { index, suggested, shown, saved } = fieldsOf(value.plan);
  const last = behavioursOf(taskOf(task)).length - 1;
  return {
    kind: 'open',
    at: numberIn(value.at),
    task,
    seed: seedIn(value.seed),
    initial: initialIn(task, value.initial),
    commands,
    before,
    spans: spansIn(value.spans, before),
    done: value.done === true,
    dataset: nameIn(value.dataset),
    beginWith: value.beginWith === null ? null : nameIn(value.beginWith),
    demand: demand && demandIn(task, demand),
    session: countIn(value.session, SESSION_SEEDS),
    plan: {
      index: countIn(index, MOST_STARTS),
      suggested: countIn(suggested, last),
      shown: listIn(shown, last + 1).map((each) => countIn(each, last)),
      saved: countIn(saved, last),
    },
  };
}

function readFinished(value: Fields): KeptFinished {
  const { recording, commands, mode, lifted, success } = fieldsOf(value.finished);
  const { interventions, replayHash, ...rest } = fieldsOf(recording);
  const task = taskIn(rest.task);
  const rows = commandsIn(commands);
  const { joints, gripperOpening, objects, instruction } = initialIn(task, rest.initial);
  must(typeof replayHash === 'string' && REPLAY_HASH.test(replayHash));
  const spans =
    interventions === undefined ? null : spansIn(interventions, rows.length / ACTION_DIM);
  return {
    kind: 'finished',
    dataset: nameIn(value.dataset),
    beginWith: value.beginWith === null ? null : nameIn(value.beginWith),
    finished: {
      recording: {
        task,
        controlHz: RECORD_HZ,
        seed: seedIn(rest.seed),
        initial: {
          joints: [...joints],
          gripperOpening,
          objects: objects.map(([x, y, z]): [number, number, number] => [x, y, z]),
          ...(instruction !== undefined && { instruction }),
        },
        replayHash,
        ...(spans && { interventions: spans.map(([from, to]): [number, number] => [from, to]) }),
      },
      commands: rows,
      mode: mode === null ? null : textIn(mode),
      lifted: lifted === null ? null : textIn(lifted),
      success: success === true,
    },
  };
}

/** @throws Error where something is not as it was written */
function must(held: boolean): asserts held {
  if (!held) throw new Error('kept take: not of the form in which it is written');
}

function fieldsOf(value: unknown): Fields {
  must(typeof value === 'object' && value !== null);
  return value as Fields;
}

function numberIn(value: unknown): number {
  must(typeof value === 'number' && Number.isFinite(value));
  return value;
}

function countIn(value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  const count = numberIn(value);
  must(Number.isInteger(count) && count >= 0 && count <= most);
  return count;
}

function seedIn(value: unknown): number | null {
  return value === null ? null : countIn(value);
}

function textIn(value: unknown): string {
  must(typeof value === 'string' && value.length <= LIMITS.instruction);
  return value;
}

function nameIn(value: unknown): string {
  must(typeof value === 'string' && NAME.test(value));
  return value;
}

function listIn(value: unknown, most: number): readonly unknown[] {
  must(Array.isArray(value) && value.length <= most);
  return value;
}

function taskIn(value: unknown): StageTask {
  const task = STAGE_TASKS.find((name) => name === value);
  must(task !== undefined);
  return task;
}

/** @throws SimError for a start that the task could not have drawn */
function initialIn(task: StageTask, value: unknown): InitialState {
  const { joints, gripperOpening, objects, instruction } = fieldsOf(value);
  const state: InitialState = {
    joints: listIn(joints, JOINT_COUNT).map(numberIn),
    gripperOpening: numberIn(gripperOpening),
    objects: listIn(objects, LIMITS.objects).map((object) => {
      const [x, y, z] = listIn(object, 3).map(numberIn);
      return [x, y, z];
    }),
    ...(instruction !== undefined && { instruction: textIn(instruction) }),
  };
  taskOf(task).validateInitialState(state);
  return state;
}

function demandIn(task: StageTask, value: Fields): Demand {
  const { object, mode } = fieldsOf(value.behaviour);
  const { objectNames } = taskOf(task);
  must(object === null || objectNames.some((name) => name === object));
  const known = modeNames(taskOf(task)).find((name) => name === mode);
  must(known !== undefined);
  return {
    behaviour: { object: object === null ? null : textIn(object), mode: known },
    instruction: value.instruction === null ? null : textIn(value.instruction),
  };
}

function spansIn(value: unknown, steps: number): Span[] {
  return listIn(value, LIMITS.interventions).map((span) => {
    const [from, to] = listIn(span, 2).map((each) => countIn(each, steps));
    return [from, to];
  });
}

function commandsIn(value: unknown): Float32Array {
  must(typeof value === 'string');
  const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  must(bytes.length % (4 * ACTION_DIM) === 0);
  const commands = new Float32Array(bytes.buffer);
  must(commands.length <= LIMITS.recordingSteps * ACTION_DIM && commands.every(Number.isFinite));
  return commands;
}

/** So many bytes become characters at once: a function takes only so many arguments. */
const CHUNK = 8192;

function toBase64(numbers: Float32Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let characters = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(characters);
}
