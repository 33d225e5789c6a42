import { createHash } from 'node:crypto';
import { readRegular, unlessMissing } from '../../demos/files/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import {
  type ActingIn,
  describeLeRobot,
  FEATURES,
  type LeRobotCheckpoint,
  LeRobotError,
  LeRobotPolicy,
  readLeRobot,
} from '../../policies/lerobot/index.ts';
import type { Policy, PolicyDescription } from '../../policies/policy.ts';
import { ACTION_DIM, STATE_DIM, TASKS } from '../../sim/index.ts';
import { namedPath, unreadable } from './named-files.ts';
import type { Place } from './workspace.ts';

interface LoadedCheckpoint {
  readonly checkpoint: LeRobotCheckpoint;
  readonly actingIn: ActingIn;
  /** Sha-256 of all files that were read, with their names. */
  readonly digest: string;
}

type Named = Pick<Place, 'checkpoints'>;

/**
 * What a checkpoint of LeRobot's says of its policy.
 *
 * @param name as sources have it, "lerobot:DIR"
 * @throws ProtocolError 'conflict' for one that nobody allowed, 'damaged' for what is none
 */
export async function describeCheckpoint(place: Named, name: string): Promise<PolicyDescription> {
  const { checkpoint, actingIn } = await load(place, name);
  return describeLeRobot(checkpoint, actingIn);
}

/** Its policy. @throws ProtocolError as `describeCheckpoint` */
export async function openCheckpoint(place: Named, engine: Engine, name: string): Promise<Policy> {
  const { checkpoint, actingIn } = await load(place, name);
  return new LeRobotPolicy(engine, checkpoint, actingIn);
}

/** By which it is told from another. @throws ProtocolError as `describeCheckpoint` */
export async function digestOfCheckpoint(place: Named, name: string): Promise<string> {
  return (await load(place, name)).digest;
}

async function load(place: Named, name: string): Promise<LoadedCheckpoint> {
  const directory = namedPath(place, name);
  const hash = createHash('sha256');
  try {
    const checkpoint = await readLeRobot(async (file, most) => {
      const bytes = await unlessMissing(readRegular(directory, file, most));
      if (bytes) hash.update(`${file}\0${bytes.length}\0`).update(bytes);
      return bytes;
    });
    return { checkpoint, actingIn: placeOf(checkpoint), digest: hash.digest('hex') };
  } catch (error) {
    throw unreadable(name, error);
  }
}

/**
 * In what it acts: the task that it names, or the first that shows as many numbers as it sees.
 *
 * @throws LeRobotError for another robot's
 */
function placeOf({ config, acts }: LeRobotCheckpoint): ActingIn {
  const { stateDim, environmentDim, network } = config;
  const cure = 'train one on a dataset that was exported from here (docs/lerobot.md)';
  const check = (what: string, expected: number, got: number) => {
    if (got === expected) return;
    throw new LeRobotError(`${what}: expected ${expected} numbers, got ${got}; ${cure}`);
  };
  check(FEATURES.STATE, STATE_DIM, stateDim);
  check(FEATURES.ACTION, ACTION_DIM, network.actionDim);
  const named = TASKS.filter(({ name }) => acts.task === undefined || name === acts.task);
  const task = named.find(({ environmentNames }) => environmentNames.length === environmentDim);
  if (task) return { task: task.name, controlHz: acts.control_hz ?? 20 };
  const tasks = (named.length > 0 ? named : TASKS).map(
    ({ name, environmentNames }) => `${environmentNames.length} (${name})`,
  );
  const got = `${environmentDim}${named.length > 0 ? '' : ` of the task "${acts.task}"`}`;
  throw new LeRobotError(
    `${FEATURES.ENV}: expected as many numbers as a task shows, ${tasks.join(', ')}, got ${got}; ${cure}`,
  );
}
