import type { RigidBody, World } from '@dimforge/rapier3d-compat';
import type { CameraSpec } from '../camera/index.ts';

/** What is physical of an episode, for what comes from outside of it. */
export interface EpisodeBodies {
  readonly world: World;
  /** In the order of `InitialState.objects`. */
  readonly objects: readonly RigidBody[];
  /** The arm's last link, which carries the gripper. */
  readonly hand: RigidBody;
}

/** Random numbers that a perturbation may draw: a function of the rollout alone. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Something that may be otherwise than where a policy was trained, by a magnitude. Another one is a
 * file with one of these, and a line in `index.ts`.
 *
 * What it draws comes from streams of its own: starts and the noise of plans are those of the rollout
 * without it.
 */
export interface PerturbationKind {
  /** As command lines, plans and links have it. */
  readonly name: string;
  /** Of the magnitude; × for a factor. */
  readonly unit: string;
  /** What it does, in a line. */
  readonly about: string;
  /** Of the magnitude, both ends included. */
  readonly range: readonly [least: number, most: number];
  /** Whether the magnitude counts something, and can be no fraction. @default false */
  readonly whole?: true;
  /** It is drawn anew in each rollout: those from one start differ even where a policy draws nothing. */
  readonly drawn: boolean;
  /** Only a policy that looks at pictures notices it. */
  readonly seen: boolean;

  /** Changes the world before the first control step. */
  build?(bodies: EpisodeBodies, magnitude: number): void;
  /**
   * Does something to the world before a control step.
   *
   * @param time  at which the step begins, s
   * @param draws the same ones before each step of a rollout
   */
  act?(bodies: EpisodeBodies, magnitude: number, time: Moment, draws: Draws): void;
  /**
   * Changes what is observed before a control step.
   *
   * @param row   state and environment, rad and m; changed in place
   * @param draws others before each control step
   */
  sense?(row: Float32Array, magnitude: number, draws: Draws): void;
  /**
   * What reaches the motors in a control step.
   *
   * @param commands all until now, [Da] each: first where the arm was as it began, last the one of this step
   */
  deliver?(commands: readonly ArrayLike<number>[], magnitude: number): ArrayLike<number>;
  /** The camera that a policy looks through instead. */
  look?(camera: CameraSpec, magnitude: number): CameraSpec;
  /** Changes the picture that it took, [size, size, 3], in place. */
  develop?(rgb: Uint8Array, magnitude: number): void;
}

/** A control step, by the time at which it begins and the one at which it ends, s. */
export interface Moment {
  readonly begin: number;
  readonly end: number;
}
