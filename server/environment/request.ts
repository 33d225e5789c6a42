import { z } from 'zod';
import { cutText, explainIssues } from '../../policies/config/index.ts';
import { ACTION_DIM, type Task } from '../../sim/index.ts';
import { arrayOf, type Fields, finite, plainOf, readFields, refused } from '../openpi/fields.ts';
import { isNumpyArray, toFloats } from '../openpi/numpy.ts';
import { LIMITS } from '../protocol/limits.ts';

/** What one client, and one request, may ask for. */
export const BOUNDS = {
  /** Worlds of a client. */
  worlds: 64,
  /** Control steps of a request. */
  rows: 128,
  /** Largest number of a start. */
  start: 65_535,
  /** To, control steps. */
  obsHorizon: 8,
  /** Pixels a side of a picture, and of all pictures of an answer together. */
  picture: { least: 16, most: 512 },
  pixels: 2 ** 21,
} as const;

/** How a client wants to be told what is observed. */
export interface Seeing {
  /** To; null: what is seen now, without an axis for it. */
  readonly obsHorizon: number | null;
  /** Pixels a side of the camera's picture; null: none is rendered. */
  readonly picture: number | null;
}

export interface ResetRequest {
  readonly op: 'reset';
  /** Of the evaluation whose starts these are. */
  readonly seed: number;
  readonly starts: readonly number[];
  /** A text a start; null: they are told nothing. */
  readonly instructions: readonly string[] | null;
  /** Worlds that begin anew, as many as starts; null: all there are give way to these. */
  readonly worlds: readonly number[] | null;
  readonly seeing: Seeing;
}

export interface StepRequest {
  readonly op: 'step';
  /** [n, rows, 8], rad and m */
  readonly actions: Float32Array;
  readonly worlds: number;
  readonly rows: number;
  /** Rows that are carried out. */
  readonly execute: number;
  /** Worlds that move, where not all of them do. */
  readonly only: readonly number[] | null;
}

export interface RenderRequest {
  readonly op: 'render';
  /** Pixels a side. */
  readonly size: number;
}

/** What a client asks of its worlds. */
export type EnvironmentRequest = ResetRequest | StepRequest | RenderRequest;

const side = z.int().min(BOUNDS.picture.least).max(BOUNDS.picture.most);
const instruction = z.string().max(LIMITS.instruction);
const worldList = z
  .array(
    z
      .int()
      .min(0)
      .max(BOUNDS.worlds - 1),
  )
  .min(1)
  .max(BOUNDS.worlds)
  .refine((worlds) => new Set(worlds).size === worlds.length, 'expected each world once');

const schema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('reset'),
    seed: z.int().min(0).max(LIMITS.seed).default(0),
    starts: z.array(z.int().min(0).max(BOUNDS.start)).min(1).max(BOUNDS.worlds),
    instructions: z.array(instruction).max(BOUNDS.worlds).exactOptional(),
    worlds: worldList.exactOptional(),
    obs_horizon: z.int().min(1).max(BOUNDS.obsHorizon).exactOptional(),
    picture: side.exactOptional(),
  }),
  z.strictObject({
    op: z.literal('step'),
    /** Arrays are read by themselves. */
    actions: z.unknown().optional(),
    execute: z.int().min(1).max(BOUNDS.rows).exactOptional(),
    worlds: worldList.exactOptional(),
  }),
  z.strictObject({ op: z.literal('render'), size: side.default(256) }),
]);

/**
 * Reads what a client sends.
 *
 * @throws ProtocolError 'invalid-request' for what is no such request, or beyond the bounds
 */
export function readEnvironmentRequest(
  frame: Uint8Array,
  task: Pick<Task, 'name' | 'language'>,
): EnvironmentRequest {
  const fields = readFields(frame, '"op" and what that takes');
  const { data, error } = schema.safeParse(plainOf(fields));
  if (error) throw refused(explainIssues(error));
  if (data.op === 'step') return readStep(fields, data);
  if (data.op === 'render') return data;
  const { op, seed, starts, instructions = null, worlds = null } = data;
  if (instructions && !task.language) {
    throw refused(
      `instructions: expected none, as task ${task.name} has no language; leave them out`,
    );
  }
  for (const [key, list] of Object.entries({ instructions, worlds })) {
    if (list === null || list.length === starts.length) continue;
    throw refused(`${key}: expected one a start, ${starts.length}, got ${list.length}`);
  }
  const { obs_horizon: obsHorizon = null, picture = null } = data;
  if (worlds && (obsHorizon ?? picture) !== null) {
    throw refused(
      'obs_horizon, picture: expected where all worlds begin, got beside "worlds"; leave them out',
    );
  }
  checkPixels(starts.length, picture ?? 0);
  return { op, seed, starts, instructions, worlds, seeing: { obsHorizon, picture } };
}

/** @throws ProtocolError 'invalid-request' for more pixels than an answer may hold */
export function checkPixels(worlds: number, size: number): void {
  if (worlds * size * size <= BOUNDS.pixels) return;
  throw refused(
    `pictures: expected at most ${BOUNDS.pixels} pixels together, got ${worlds} of ${size} × ` +
      `${size}; ask for smaller ones, or for fewer worlds`,
  );
}

function readStep(
  fields: Fields,
  { execute, worlds: only }: { execute?: number; worlds?: readonly number[] },
): StepRequest {
  const actions = fields.get('actions');
  const shape = isNumpyArray(actions) ? actions.shape : [];
  const [worlds = 0] = shape;
  const rows = shape.length === 3 ? shape[1] : 1;
  const array = arrayOf(fields, 'actions', [
    [worlds, ACTION_DIM],
    [worlds, rows, ACTION_DIM],
  ]);
  if (array.dtype === '|b1') throw refused('actions: expected numbers, got booleans');
  if (worlds < 1 || worlds > BOUNDS.worlds || rows < 1 || rows > BOUNDS.rows) {
    throw refused(
      `actions: expected 1 to ${BOUNDS.worlds} worlds and 1 to ${BOUNDS.rows} rows, got ` +
        cutText(`[${shape.join(', ')}]`, 100),
    );
  }
  if (only && only.length !== worlds) {
    throw refused(`worlds: expected one for each of ${worlds} of the actions, got ${only.length}`);
  }
  if (execute !== undefined && execute > rows) {
    throw refused(`execute: expected 1 to ${rows} (the rows of the actions), got ${execute}`);
  }
  const values = finite('actions', toFloats(array));
  return {
    op: 'step',
    actions: values,
    worlds,
    rows,
    execute: execute ?? rows,
    only: only ?? null,
  };
}
