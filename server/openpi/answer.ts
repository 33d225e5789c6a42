import { ACTION_DIM, JOINT_COUNT, JOINTS, MAX_GRIPPER_OPENING } from '../../sim/index.ts';
import { cutText } from '../protocol/issues.ts';
import { decode, type Value } from './codec.ts';
import { MOST_ACTIONS } from './declared.ts';
import { CodecError, isNumpyArray, type NumpyArray, nameOf, toFloats } from './numpy.ts';

/** Why a policy server gave no plan: what was expected and what came. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** What is expected of an answer. */
export interface Expected {
  /** Rows that were asked about; null where the request has no axis for them. */
  readonly rows: number | null;
  /** Tp; null where any is welcome. */
  readonly horizon: number | null;
}

/** What an answer holds. */
export interface Answer {
  /** [rows, Tp, 8], as the server gives them */
  readonly actions: Float32Array;
  readonly horizon: number;
  /** What the server says that its policy took, ms; null where it says nothing. */
  readonly inferMs: number | null;
}

/**
 * Beyond a joint's limits, rad, and beyond the gripper's, m: what a network misses its targets by.
 * Degrees, or velocities, are further out.
 */
const TOLERANCE = { joint: 0.2, gripper: 0.02 };

/** @throws AnswerError for a frame that holds no plan of the shape expected */
export function readAnswer(frame: Uint8Array, { rows, horizon }: Expected): Answer {
  const answer = read(frame);
  const actions = answer.get('actions');
  const axes = [...(rows === null ? [] : [rows]), horizon ?? 'H', ACTION_DIM];
  const expected = `actions: expected numbers [${axes.join(', ')}], got`;
  if (!isNumpyArray(actions)) throw new AnswerError(`${expected} ${nameOf(actions)}`);
  const fits =
    actions.dtype !== '|b1' &&
    actions.shape.length === axes.length &&
    actions.shape.every((size, i) => axes[i] === 'H' || axes[i] === size);
  if (!fits) throw new AnswerError(`${expected} [${actions.shape.join(', ')}] of ${actions.dtype}`);
  const got = actions.shape[axes.length - 2];
  if (got < 1 || got > MOST_ACTIONS) {
    throw new AnswerError(`actions: expected 1 to ${MOST_ACTIONS} a plan, got ${got}`);
  }
  return { actions: toFloats(actions as NumpyArray), horizon: got, inferMs: inferTime(answer) };
}

function read(frame: Uint8Array): ReadonlyMap<string, Value> {
  let value: Value;
  try {
    value = decode(frame);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new AnswerError(`expected an answer in MessagePack: ${error.message}`);
  }
  if (value instanceof Map) return value;
  throw new AnswerError(`expected a map with actions, got ${nameOf(value)}`);
}

function inferTime(answer: ReadonlyMap<string, Value>): number | null {
  const timing = answer.get('server_timing');
  const ms = timing instanceof Map ? timing.get('infer_ms') : undefined;
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : null;
}

/**
 * Refuses a plan that no arm can follow.
 *
 * @param chunk [Tp, 8], joint positions (rad) and the gripper's opening (m)
 * @throws AnswerError for numbers that are not finite, or far beyond the joints' limits
 */
export function checkChunk(chunk: Float32Array): void {
  chunk.forEach((value, i) => {
    const step = Math.floor(i / ACTION_DIM);
    const joint = i % ACTION_DIM;
    const [least, most] = joint < JOINT_COUNT ? JOINTS[joint].range : [0, MAX_GRIPPER_OPENING];
    const { joint: rad, gripper } = TOLERANCE;
    const beyond = joint < JOINT_COUNT ? rad : gripper;
    if (value >= least - beyond && value <= most + beyond) return;
    const what = joint < JOINT_COUNT ? `joint ${joint + 1}` : 'the gripper';
    const unit = joint < JOINT_COUNT ? 'rad' : 'm';
    throw new AnswerError(
      `actions: expected ${least} to ${most} ${unit} for ${what}, got ${value} in row ${step}`,
    );
  });
}

/** What a server's text says: of a traceback of Python's the last line, which names the error. */
export function sayTraceback(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return cutText(lines.at(-1)?.trim() ?? 'nothing', 300);
}
