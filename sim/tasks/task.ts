import type { Collider, RigidBody, World } from '@dimforge/rapier3d-compat';
import type { Vec3 } from '../math/vec.ts';
import type { Rapier } from '../physics.ts';

/**
 * Where an episode begins. Stored with the episode and never recomputed from its seed; every
 * number is exactly an f32, so that JSON, Parquet and sockets carry it without loss.
 */
export interface InitialState {
  /** 7 joint positions, rad. */
  readonly joints: readonly number[];
  /** Opening between the finger pads, m. */
  readonly gripperOpening: number;
  /** Centre of each movable object, m, in the task's order. */
  readonly objects: readonly Vec3[];
  /**
   * What the robot is told, in tasks that have a language. Empty, or left out: it may do as it
   * likes.
   */
  readonly instruction?: string;
}

/** What an instruction asks for; null leaves the choice to who carries it out. */
export interface Goal {
  /** One of the task's objects. */
  readonly object: string | null;
  /** One of the task's modes. */
  readonly mode: string | null;
}

export const ANY_GOAL: Goal = { object: null, mode: null };

/** A sentence of a task's language. */
export interface Phrase {
  readonly text: string;
  readonly goal: Goal;
  /** Never demonstrated: what a policy makes of it shows whether it has learnt to read. */
  readonly heldOut: boolean;
}

/** A sentence in words of its own, for evaluation alone; what it asks for is written beside it. */
export type Saying = Pick<Phrase, 'text' | 'goal'>;

/** How people say what they want in a task with a choice. */
export interface TaskLanguage {
  /** All sentences datasets are made of and policies are tested with; the empty one is first. */
  readonly phrases: readonly Phrase[];
  /**
   * Sentences with words that no phrase has: they show whether a policy understands more than the
   * words that it was trained on.
   */
  readonly sayings: readonly Saying[];
  /** What any text asks for: as written beside it, or by its words that name an object or a mode. */
  understand(text: string): Goal;
}

/** A distinct behaviour of a task's demonstrators. */
export interface Mode {
  /** As datasets, recordings and results name it. */
  readonly name: string;
  /** Key of its text in the page's dictionaries, where modes of several tasks may share one. */
  readonly label: string;
  /** Of its plans and counts, sRGB hex. */
  readonly colour: number;
}

/** A post that stands upright on the table and must not be touched, m. */
export interface Obstacle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly height: number;
}

/** A ball that can be moved. */
export interface MovableObject {
  readonly name: string;
  /** m */
  readonly radius: number;
  /** As the simulated camera sees it: linear red, green, blue, 0 … 1. */
  readonly seen: readonly [r: number, g: number, b: number];
  /** As the page shows it, sRGB hex. */
  readonly colour: number;
}

/** What stands and lies on a task's table; physics, the camera and the page are made from it. */
export interface TaskScene {
  readonly obstacles: readonly Obstacle[];
  /** In the order of `InitialState.objects`. */
  readonly objects: readonly MovableObject[];
}

/** Rapier handles of what a task puts on the table; they stay valid across snapshots. */
export interface SceneHandles {
  /** Bodies of the movable objects. */
  readonly objects: readonly number[];
  /** Colliders of what must not be touched. */
  readonly obstacles: readonly number[];
}

/** The same, bound to a running world. */
export interface Scene {
  readonly objects: readonly RigidBody[];
  readonly obstacles: readonly Collider[];
}

/** What is measured after every substep and given to the task to judge. */
export interface Moment {
  readonly tcp: Vec3;
  readonly objects: readonly Vec3[];
  /** One of the obstacles. */
  readonly obstacleTouched: boolean;
  readonly goal: Goal;
  /** s since the last moment */
  readonly dt: number;
}

/** A task's running judgement of one episode: plain data, so that snapshots can copy it. */
export interface Progress {
  /** Behaviour shown so far, one of the task's modes; null until it can be told. */
  readonly mode: string | null;
  /** An obstacle has been touched: success is out of reach. */
  readonly contact: boolean;
  /** The TCP crossed above an obstacle instead of beside it: success is out of reach. */
  readonly overObstacle: boolean;
  /** An object has fallen off the table: success is out of reach. */
  readonly lost: boolean;
  /** Name of the object that is up and between the fingers. */
  readonly lifted: string | null;
  /** How long the goal condition has held without a break, s. */
  readonly held: number;
  /** The goal has been reached and nothing has barred it, before or since. */
  readonly success: boolean;
  /** TCP at the previous moment; null before the first. */
  readonly previousTcp: Vec3 | null;
}

export const INITIAL_PROGRESS: Progress = {
  mode: null,
  contact: false,
  overObstacle: false,
  lost: false,
  lifted: null,
  held: 0,
  success: false,
  previousTcp: null,
};

/** Where a person may put a task's objects, m. */
export interface Placing {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  /** Least distance between two objects' centres. */
  readonly apart: number;
}

/** One scene with its randomisation, goal and behaviours. */
export interface Task {
  readonly name: string;
  readonly title: string;
  /** What the task is about, in a sentence; each mode fulfils it. */
  readonly instruction: string;
  /** The distinct behaviours experts show, in the order in which results and the page list them. */
  readonly modes: readonly Mode[];
  readonly scene: TaskScene;
  /** An episode that has not succeeded by then has failed, s. */
  readonly timeLimit: number;
  /** Names of the components of `observation.environment_state`. */
  readonly environmentNames: readonly string[];
  /** Names of the movable objects, in the order of `InitialState.objects`. */
  readonly objectNames: readonly string[];
  readonly placing: Placing;
  /** Absent where there is nothing to choose. */
  readonly language?: TaskLanguage;

  /** Draws a start from a seed; the same seed gives the same start. */
  sampleInitialState(seed: number): InitialState;
  /** Throws a SimError where a start is not one the task could have drawn, within its bounds. */
  validateInitialState(state: InitialState): void;
  build(rapier: Rapier, world: World, initial: InitialState): SceneHandles;
  /** `observation.environment_state` from the positions it depends on. */
  environmentState(tcp: Vec3, objects: readonly Vec3[]): number[];
  judge(progress: Progress, moment: Moment): Progress;
  /**
   * Name of the mode of a planned path of the TCP; 'invalid' where it passes between the modes,
   * where an obstacle is and nobody went; null where it ends before the modes part.
   */
  classifyPath(path: readonly Vec3[]): string | null;
  /**
   * Where a path of the TCP first passes the line at which the modes part, m to the robot's left; null where it
   * ends before. Absent where there is no such line.
   */
  lateralOffset?(path: readonly Vec3[]): number | null;
}

/** @returns the names of a task's modes, in its order */
export function modeNames({ modes }: Pick<Task, 'modes'>): string[] {
  return modes.map(({ name }) => name);
}
