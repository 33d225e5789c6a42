import {
  ACTION_DIM,
  type ControlHz,
  JOINTS,
  MAX_GRIPPER_OPENING,
  modeNames,
  STATE_DIM,
  type Task,
} from '../../sim/index.ts';
import type { Sendable } from '../openpi/codec.ts';
import { BOUNDS } from './request.ts';

/** What every client is told first: the task, what is observed, what an action is, and how much it may ask. */
export function declareEnvironment(
  task: Task,
  controlHz: ControlHz,
): Readonly<Record<string, Sendable>> {
  return {
    environment: 'forking-paths',
    task: task.name,
    task_description: task.instruction,
    control_hz: controlHz,
    most_steps: Math.round(task.timeLimit * controlHz),
    observations: {
      'observation.state': [STATE_DIM],
      'observation.environment_state': [task.environmentNames.length],
    },
    environment_names: task.environmentNames,
    actions: [ACTION_DIM],
    action_low: [...JOINTS.map(({ range }) => range[0]), 0],
    action_high: [...JOINTS.map(({ range }) => range[1]), MAX_GRIPPER_OPENING],
    modes: modeNames(task),
    objects: task.objectNames,
    instructions: task.language?.phrases.map(({ text }) => text) ?? [],
    most: {
      worlds: BOUNDS.worlds,
      rows: BOUNDS.rows,
      start: BOUNDS.start,
      obs_horizon: BOUNDS.obsHorizon,
      picture: BOUNDS.picture.most,
    },
  };
}
