import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import {
  ACTION_DIM,
  type ControlHz,
  createFrames,
  Episode,
  forwardKinematics,
  handDown,
  IkSolver,
  type InitialState,
  JOINT_COUNT,
  PHYSICS,
  type Rapier,
  randomOf,
  SimError,
  type Task,
  type Vec3,
} from '../sim/index.ts';
import type { Demonstration } from './demonstration.ts';
import type { Expert, HandPose } from './experts/index.ts';

export interface DemonstrateOptions {
  readonly controlHz: ControlHz;
  /** Seed the start is drawn from. */
  readonly startSeed: number;
  /** Seed of the expert's variation and of the pushes. */
  readonly expertSeed: number;
  /** 0: the nominal path, 1: as a dataset is recorded. @default 1 */
  readonly noise?: number;
  /** The demonstrator's instruction, in tasks that have a language. */
  readonly instruction?: string;
  /** Disturb the hand while the expert's correction is recorded. @default false */
  readonly pushes?: boolean;
}

/** Chance a control step that a push begins. */
const PUSH_RATE = 0.08;
/** Largest displacement of the hand along each axis, m. */
const PUSH_SIZE = 0.04;
/** How long a push lasts, control steps at 20 Hz. */
const PUSH_STEPS = { from: 4, to: 9 } as const;
/** Below this height the hand is near the object and pushes shrink to LOW_SCALE. m */
const LOW_HEIGHT = 0.08;
const LOW_SCALE = 0.15;

/**
 * Lets a scripted expert demonstrate one mode from one start.
 *
 * With `pushes` the executed hand target is displaced now and then while the recorded label stays
 * the expert's own: the data then shows how to come back from where a policy will one day drift
 * (Laskey et al. 2017, DART, arXiv:1703.09327).
 *
 * @throws PhysicsDivergedError
 * @cost about 0.1 s
 */
export function demonstrate(
  rapier: Rapier,
  task: Task,
  expert: Expert,
  mode: string,
  { controlHz, startSeed, expertSeed, noise = 1, pushes = false, instruction }: DemonstrateOptions,
): Stepped {
  const scene = task.sampleInitialState(startSeed);
  const initial = instruction === undefined ? scene : { ...scene, instruction };
  const episode = Episode.create(rapier, task, initial, controlHz);
  const recorder = new Recorder(episode);
  const solve = handSolver(episode);
  const disturb = pushes ? pushesOf(expertSeed, controlHz) : null;
  const action = new Float64Array(ACTION_DIM);
  const command = new Float64Array(ACTION_DIM);
  try {
    const start = handAt(initial.joints, initial.gripperOpening);
    const options = { controlHz, seed: expertSeed, noise };
    for (const target of expert.demonstrate(initial, start, mode, options)) {
      if (!solve(target, NO_PUSH, action)) throw outOfReach(target);
      const shift = disturb?.(target.position[2]);
      // A push out of reach does not happen.
      if (!shift || !solve(target, shift, command)) command.set(action);
      recorder.step(action, command);
    }
    return recorder.finish({ source: 'scripted', seed: startSeed, initial });
  } finally {
    episode.free();
  }
}

const NO_PUSH: Vec3 = [0, 0, 0];

/**
 * Lets a scripted expert take over an attempt where it stands and bring it to an end, as a person does
 * who takes the arm by the hand. The frames are flagged.
 *
 * @param recorder of the attempt's steps until now
 * @throws SimError where the way leads out of the arm's reach; PhysicsDivergedError
 * @cost about 0.1 s
 */
export function takeOver(
  recorder: Recorder,
  expert: Expert,
  mode: string,
  { initial, seed, noise }: { initial: InitialState; seed: number; noise: number },
): void {
  const { episode } = recorder;
  const { controlHz } = episode;
  const solve = handSolver(episode);
  const action = new Float64Array(ACTION_DIM);
  const start = handAt(episode.target, episode.observe().state[JOINT_COUNT]);
  // The balls may have been moved.
  const now = { ...initial, objects: episode.objectPositions() };
  for (const target of expert.demonstrate(now, start, mode, { controlHz, seed, noise })) {
    if (!solve(target, NO_PUSH, action)) throw outOfReach(target);
    recorder.step(action, action, true);
  }
}

function outOfReach({ position }: HandPose): SimError {
  return new SimError(`hand target [${position}] is out of the arm's reach`);
}

/** Writes the command that brings the hand to a pose, shifted by so much; false where it is out of reach. */
function handSolver(episode: Episode) {
  const ik = new IkSolver();
  return ({ position, yaw, opening }: HandPose, shift: Vec3, out: Float64Array): boolean => {
    const shifted = position.map((value, i) => value + shift[i]);
    const options = { maxIterations: 30 };
    const { converged } = ik.solve(episode.target, shifted, handDown(yaw), out, options);
    out[JOINT_COUNT] = opening;
    return converged;
  };
}

/** A demonstration of which is known where it ended. */
export type Stepped = Demonstration & {
  readonly replayHash: string;
  readonly physics: NonNullable<Demonstration['physics']>;
};

/** Steps an episode and keeps what a demonstration consists of. */
export class Recorder {
  readonly episode: Episode;
  readonly #flags: number[] = [];
  readonly #rows = {
    state: [] as Float32Array[],
    environment: [] as Float32Array[],
    action: [] as Float32Array[],
    command: [] as Float32Array[],
  };

  constructor(episode: Episode) {
    this.episode = episode;
  }

  /**
   * @param action  the demonstrator's wish, the label
   * @param command what is executed
   * @param taken   whether a person has taken over from a policy
   */
  step(action: ArrayLike<number>, command: ArrayLike<number> = action, taken = false): void {
    const { state, environment } = this.episode.observe();
    this.#rows.state.push(state);
    this.#rows.environment.push(environment);
    this.#rows.action.push(Float32Array.from(action));
    const executed = Float32Array.from(command);
    this.#rows.command.push(executed);
    this.#flags.push(Number(taken));
    this.episode.step(executed);
  }

  finish(origin: Pick<Demonstration, 'source' | 'seed' | 'initial'>): Stepped {
    const { task, controlHz, progress, hash } = this.episode;
    return {
      task: task.name,
      mode: progress.mode,
      controlHz,
      success: progress.success,
      contact: progress.contact,
      length: this.#rows.action.length,
      state: flatten(this.#rows.state),
      environment: flatten(this.#rows.environment),
      action: flatten(this.#rows.action),
      command: flatten(this.#rows.command),
      replayHash: hash,
      physics: PHYSICS,
      ...(this.#flags.includes(1) && { intervention: Uint8Array.from(this.#flags) }),
      ...origin,
    };
  }
}

function flatten(rows: readonly Float32Array[]): Float32Array {
  const width = rows.length > 0 ? rows[0].length : 0;
  const flat = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    flat.set(row, i * width);
  });
  return flat;
}

/** Pose of a hand that points down, for given joints. */
export function handAt(joints: ArrayLike<number>, opening: number): HandPose {
  const { tcpPosition: p, tcpRotation: r } = forwardKinematics(joints, createFrames());
  return { position: [p[0], p[1], p[2]], yaw: Math.atan2(r[3], r[0]), opening };
}

/** Displacement (m) at each control step, given the height of the hand's target; null for none. */
function pushesOf(seed: number, controlHz: number): (height: number) => Vec3 | null {
  // A stream of its own: the expert draws from the same seed.
  const random = randomOf(seed, ~0);
  const perStep = (PUSH_RATE * 20) / controlHz;
  const stretch = controlHz / 20;
  let left = 0;
  let push: Vec3 = [0, 0, 0];
  return (height) => {
    if (left <= 0) {
      if (uniformFloat64(random) >= perStep) return null;
      left = Math.round(uniformInt(random, PUSH_STEPS.from, PUSH_STEPS.to) * stretch);
      const axis = () => (2 * uniformFloat64(random) - 1) * PUSH_SIZE;
      push = [axis(), axis(), 0.5 * axis()];
    }
    left--;
    const scale = height < LOW_HEIGHT ? LOW_SCALE : 1;
    return [push[0] * scale, push[1] * scale, push[2] * scale];
  };
}
