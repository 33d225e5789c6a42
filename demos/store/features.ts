import { JOINTS, type Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import { taskIndexOf } from './instructions.ts';
import { PICTURES } from './pictures.ts';

/** One column of a dataset's frames, as `meta/info.json` declares it. */
export interface Feature {
  readonly name: string;
  readonly dtype: 'float32' | 'int64' | 'bool' | 'string' | 'image';
  /**
   * Values a frame; a column of width 1 holds scalars, any other lists. Of pictures: pixels a
   * side.
   */
  readonly width: number;
  /** What each number is. */
  readonly names: readonly string[] | null;
}

/** Column in which each frame carries what is known of its episode. */
export const FACTS = 'sim.episode';

/** Column of what was executed. Not "action.command": LeRobot takes every column that begins so for a policy's output. */
export const COMMAND = 'sim.command';

/** Column that says of each frame whether the task had succeeded. */
export const SUCCESS = 'next.success';

/** Column that says of each frame whether a person had taken over from the policy. */
export const INTERVENTION = 'intervention';

const JOINT_NAMES = [...JOINTS.map(({ name }) => `${name}.pos`), 'gripper.pos'];

/** All columns of a task's datasets, in file order. */
export function featuresOf(
  task: Task,
  { camera, interventions, facts }: Extras = NO_EXTRAS,
): readonly Feature[] {
  const vector = (name: string, names: readonly string[]): Feature => ({
    name,
    dtype: 'float32',
    width: names.length,
    names,
  });
  const scalar = (name: string, dtype: Feature['dtype']): Feature => ({
    name,
    dtype,
    width: 1,
    names: null,
  });
  return [
    vector('observation.state', JOINT_NAMES),
    vector('observation.environment_state', task.environmentNames),
    ...(camera === null ? [] : [picture(camera)]),
    vector('action', JOINT_NAMES),
    vector(COMMAND, JOINT_NAMES),
    ...(facts ? [scalar(FACTS, 'string')] : []),
    ...(interventions ? [scalar(INTERVENTION, 'bool')] : []),
    scalar(SUCCESS, 'bool'),
    scalar('next.done', 'bool'),
    scalar('timestamp', 'float32'),
    scalar('frame_index', 'int64'),
    scalar('episode_index', 'int64'),
    scalar('index', 'int64'),
    scalar('task_index', 'int64'),
  ];
}

function picture(size: number): Feature {
  return { name: PICTURES, dtype: 'image', width: size, names: ['height', 'width', 'channels'] };
}

/** Where an episode stands in its dataset. */
export interface EpisodePosition {
  readonly episode: number;
  /** Frames of all episodes before it. */
  readonly firstFrame: number;
}

/** Frames of one episode by the name of each column of numbers, [T · width] each; truth values are 0 and 1. */
export type Frames = Readonly<Record<string, ArrayLike<number>>>;

export function framesOf(
  demonstration: Demonstration,
  { episode, firstFrame }: EpisodePosition,
): Frames {
  const { length, controlHz, success } = demonstration;
  const taskIndex = taskIndexOf(demonstration) ?? Number.NaN; // refused before it is stored
  const each = (value: (frame: number) => number) =>
    Float64Array.from({ length }, (_, i) => value(i));
  const last = (frame: number) => frame === length - 1;
  return {
    'observation.state': demonstration.state,
    'observation.environment_state': demonstration.environment,
    action: demonstration.action,
    [COMMAND]: demonstration.command,
    [INTERVENTION]: each((i) => demonstration.intervention?.[i] ?? 0),
    [SUCCESS]: each((i) => Number(success && last(i))),
    'next.done': each((i) => Number(last(i))),
    timestamp: each((i) => Math.fround(i / controlHz)),
    frame_index: each((i) => i),
    episode_index: each(() => episode),
    index: each((i) => firstFrame + i),
    task_index: each(() => taskIndex),
  };
}

/** Columns of numbers, of which there are statistics. */
export function measuredFeatures(task: Task, extras: Extras): readonly Feature[] {
  return featuresOf(task, extras).filter(({ dtype }) => dtype !== 'string');
}
