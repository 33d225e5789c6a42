import type { RigidBody, World } from '@dimforge/rapier3d-compat';
import { Arm, type ArmHandles, buildArm } from './arm/arm.ts';
import { buildGripper, Gripper, type GripperHandles } from './arm/gripper.ts';
import { JOINT_COUNT, JOINTS, MAX_GRIPPER_OPENING } from './arm/panda.ts';
import { PhysicsDivergedError, SimError } from './errors.ts';
import { clamp, type Vec3 } from './math/vec.ts';
import type { EpisodeBodies } from './perturbations/perturbation.ts';
import { createWorld, PHYSICS_HZ, type Rapier, SUBSTEP } from './physics.ts';
import { ReplayHash } from './replay-hash.ts';
import {
  ANY_GOAL,
  type Goal,
  INITIAL_PROGRESS,
  type InitialState,
  type Progress,
  type Scene,
  type SceneHandles,
  type Task,
} from './tasks/task.ts';

/** Joint targets (rad) and the gripper's opening (m). */
export const ACTION_DIM = JOINT_COUNT + 1;
/** Joint positions (rad) and the gripper's opening (m). */
export const STATE_DIM = JOINT_COUNT + 1;

/** Control rates an episode can run at, Hz: those that take a whole number of substeps. */
export const CONTROL_RATES = [20, 50] as const;
export type ControlHz = (typeof CONTROL_RATES)[number];

/** What a policy sees at one control step. */
export interface Observation {
  /** `observation.state`, [8]: 7 joint positions (rad), gripper opening (m). */
  readonly state: Float32Array;
  /** `observation.environment_state`, [task.environmentNames.length]. */
  readonly environment: Float32Array;
}

/** Everything an episode needs to go on bit for bit from where it stood. */
export interface EpisodeSnapshot {
  readonly task: string;
  readonly controlHz: ControlHz;
  /** As in the initial state; empty where it has none. */
  readonly instruction: string;
  /** Rapier's own bytes. */
  readonly world: Uint8Array;
  readonly handles: EpisodeHandles;
  /** State that lives in JavaScript and that no world snapshot holds. */
  readonly gripperReference: number;
  readonly target: readonly number[];
  readonly step: number;
  readonly progress: Progress;
  readonly hash: readonly [number, number];
}

interface EpisodeHandles {
  readonly arm: ArmHandles;
  readonly gripper: GripperHandles;
  readonly scene: SceneHandles;
}

/** Control steps kept to explain a divergence. */
const TRACE_LENGTH = 16;
/** The solver keeps joints together to a tenth of a millimetre, m. */
const MAX_ANCHOR_ERROR = 0.05;

/**
 * One attempt at a task: a physical world stepped at the control rate.
 *
 * Deterministic: the same initial state and commands give the same bits in any process, in Node
 * and in the browser, whatever was measured or snapshot in between.
 */
export class Episode {
  readonly task: Task;
  readonly controlHz: ControlHz;
  /** What the robot is told; empty: it may do as it likes. */
  readonly instruction: string;
  /** What that asks for. */
  readonly goal: Goal;
  readonly #world: World;
  readonly #handles: EpisodeHandles;
  readonly #arm: Arm;
  readonly #gripper: Gripper;
  readonly #scene: Scene;
  /** Bodies that the replay hash takes in, in its order. */
  readonly #moving: readonly RigidBody[];
  readonly #hash: ReplayHash;
  readonly #target: Float64Array;
  readonly #reference = new Float64Array(JOINT_COUNT);
  readonly #velocity = new Float64Array(JOINT_COUNT);
  readonly #recent: { command: number[]; poses: number[] }[] = [];
  #step: number;
  #progress: Progress;

  private constructor(world: World, task: Task, state: Omit<EpisodeSnapshot, 'world' | 'task'>) {
    const { handles } = state;
    // Each step of the world would end by listing all bodies and colliders, to find what has torn off soft ones.
    world.mapNewSoftBodies = () => {};
    this.task = task;
    this.controlHz = state.controlHz;
    this.instruction = state.instruction;
    this.goal = task.language?.understand(state.instruction) ?? ANY_GOAL;
    this.#world = world;
    this.#handles = handles;
    this.#arm = new Arm(world, handles.arm);
    this.#gripper = new Gripper(world, this.#arm.hand, handles.gripper, state.gripperReference);
    this.#scene = {
      objects: handles.scene.objects.map((handle) => world.getRigidBody(handle)),
      obstacles: handles.scene.obstacles.map((handle) => world.getCollider(handle)),
    };
    this.#moving = [...this.#arm.links, ...this.#gripper.fingers, ...this.#scene.objects];
    this.#target = Float64Array.from(state.target);
    this.#step = state.step;
    this.#progress = state.progress;
    this.#hash = new ReplayHash(state.hash);
  }

  /**
   * A fresh world at `initial`.
   *
   * @throws SimError where the task could not begin there
   * @cost about 1 ms; `free` it when done, its memory is not garbage-collected
   */
  static create(
    rapier: Rapier,
    task: Task,
    initial: InitialState,
    controlHz: ControlHz = 20,
  ): Episode {
    checkRate(controlHz);
    task.validateInitialState(initial);
    const { joints, gripperOpening, instruction = '' } = initial;
    const world = createWorld(rapier);
    const scene = task.build(rapier, world, initial);
    const arm = buildArm(rapier, world, joints);
    const hand = world.getRigidBody(arm.links[JOINT_COUNT - 1]);
    const gripper = buildGripper(rapier, world, hand, joints, gripperOpening);
    return new Episode(world, task, {
      controlHz,
      instruction,
      handles: { arm, gripper, scene },
      gripperReference: gripperOpening / 2,
      target: joints,
      step: 0,
      progress: INITIAL_PROGRESS,
      hash: new ReplayHash().state,
    });
  }

  /**
   * An episode that goes on from a snapshot, in this or another process.
   *
   * @throws SimError for a snapshot of another task, or of damaged bytes
   */
  static restore(rapier: Rapier, task: Task, snapshot: EpisodeSnapshot): Episode {
    checkRate(snapshot.controlHz);
    if (snapshot.task !== task.name) {
      throw new SimError(`snapshot: expected one of task ${task.name}, got ${snapshot.task}`);
    }
    // Rapier gives null for bytes it cannot read, though its types do not say so.
    const world: World | null = rapier.World.restoreSnapshot(snapshot.world);
    if (!world) throw new SimError('snapshot: expected the bytes of a world, got damaged ones');
    return new Episode(world, task, snapshot);
  }

  snapshot(): EpisodeSnapshot {
    return {
      task: this.task.name,
      controlHz: this.controlHz,
      instruction: this.instruction,
      world: this.#world.takeSnapshot(),
      handles: this.#handles,
      gripperReference: this.#gripper.reference,
      target: Array.from(this.#target),
      step: this.#step,
      progress: this.#progress,
      hash: this.#hash.state,
    };
  }

  /** Releases the world's memory; the episode must not be used afterwards. */
  free(): void {
    this.#world.free();
  }

  /** Control steps made. */
  get steps(): number {
    return this.#step;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Fingerprint of the raw poses of all moving bodies at every control step so far. */
  get hash(): string {
    return this.#hash.digest;
  }

  /** Joint targets in force, rad: the last command within the arm's velocity limits. */
  get target(): Float64Array {
    return this.#target.slice();
  }

  /**
   * Whether the attempt is over: success is reached, or out of reach, or the time is up. People
   * who record may take longer.
   */
  get decided(): boolean {
    return this.decidedAfter(this.#step);
  }

  /** As `decided`, were the time that counts that of so many control steps. */
  decidedAfter(steps: number): boolean {
    const { success, contact, overObstacle, lost } = this.#progress;
    return success || contact || overObstacle || lost || this.#timedOutAfter(steps);
  }

  get timedOut(): boolean {
    return this.#timedOutAfter(this.#step);
  }

  #timedOutAfter(steps: number): boolean {
    return steps >= Math.round(this.task.timeLimit * this.controlHz);
  }

  /**
   * Moves towards a command for one control step.
   *
   * The command is rounded to f32 first. Joint targets further away than the joints' velocity
   * limits allow within one step are approached at that limit; between steps the reference runs
   * in a straight line, with its velocity fed forward to the motors.
   *
   * @param command [8]: 7 joint targets (rad), gripper opening (m)
   * @throws SimError when the command is not 8 finite numbers
   * @throws PhysicsDivergedError when the world left the finite numbers
   * @cost 0.45 ms at 20 Hz
   */
  step(command: ArrayLike<number>): void {
    checkCommand(command);
    const period = 1 / this.controlHz;
    const substeps = PHYSICS_HZ / this.controlHz;
    const from = this.#target.slice();
    for (let i = 0; i < JOINT_COUNT; i++) {
      const { maxVelocity, range } = JOINTS[i];
      const reach = maxVelocity * period;
      const move = clamp(Math.fround(command[i]) - from[i], -reach, reach);
      this.#target[i] = clamp(from[i] + move, range[0], range[1]);
      this.#velocity[i] = (this.#target[i] - from[i]) / period;
    }
    const opening = clamp(Math.fround(command[JOINT_COUNT]), 0, MAX_GRIPPER_OPENING);
    for (let k = 1; k <= substeps; k++) {
      for (let i = 0; i < JOINT_COUNT; i++) {
        this.#reference[i] = from[i] + ((this.#target[i] - from[i]) * k) / substeps;
      }
      this.#arm.drive(this.#reference, this.#velocity);
      this.#gripper.drive(opening);
      this.#world.step();
      this.#progress = this.task.judge(this.#progress, {
        tcp: this.#arm.tcp(),
        objects: this.objectPositions(),
        obstacleTouched: this.#obstacleTouched(),
        goal: this.goal,
        dt: SUBSTEP,
      });
    }
    this.#step++;
    this.#record(command);
  }

  observe(): Observation {
    const state = new Float32Array(STATE_DIM);
    this.#arm.readPositions(state);
    state[JOINT_COUNT] = this.#gripper.opening();
    const environment = this.task.environmentState(this.#arm.tcp(), this.objectPositions());
    return { state, environment: Float32Array.from(environment) };
  }

  tcp(): Vec3 {
    return this.#arm.tcp();
  }

  objectPositions(): Vec3[] {
    return this.#scene.objects.map((body) => {
      const { x, y, z } = body.translation();
      return [x, y, z];
    });
  }

  /**
   * Lets something act on the world from outside. Whoever replays the episode must do the same at the
   * same control steps.
   */
  disturb(act: (bodies: EpisodeBodies) => void): void {
    act({ world: this.#world, objects: this.#scene.objects, hand: this.#arm.hand });
  }

  /** How far the arm's joints have come apart, m: a measure of the solver's error. */
  anchorError(): number {
    return this.#arm.anchorError();
  }

  #obstacleTouched(): boolean {
    let touched = false;
    for (const obstacle of this.#scene.obstacles) {
      this.#world.contactPairsWith(obstacle, (other) => {
        this.#world.contactPair(obstacle, other, (manifold) => {
          // A manifold also lists points that are merely near; only a force makes it a touch.
          for (let i = 0; i < manifold.numContacts(); i++) {
            if (manifold.contactImpulse(i) > 0) touched = true;
          }
        });
      });
    }
    return touched;
  }

  /** Takes all poses into the replay hash, and stops an episode that has left physics. */
  #record(command: ArrayLike<number>): void {
    const poses: number[] = [];
    for (const body of this.#moving) {
      const p = body.translation();
      const r = body.rotation();
      poses.push(p.x, p.y, p.z, r.x, r.y, r.z, r.w);
    }
    for (const value of poses) this.#hash.add(value);
    this.#recent.push({ command: Array.from(command), poses });
    if (this.#recent.length > TRACE_LENGTH) this.#recent.shift();
    if (!poses.every(Number.isFinite) || this.#fellApart()) {
      throw new PhysicsDivergedError({ step: this.#step, recent: [...this.#recent] });
    }
  }

  /**
   * Rapier keeps poses finite where it can: it switches a body off whose velocity is not, and
   * then the arm's joints come apart.
   */
  #fellApart(): boolean {
    return !this.#moving.every((body) => body.isEnabled()) || this.anchorError() > MAX_ANCHOR_ERROR;
  }
}

function checkCommand(command: ArrayLike<number>): void {
  const values = Array.from(command);
  if (values.length !== ACTION_DIM || !values.every(Number.isFinite)) {
    throw new SimError(
      `command: expected ${ACTION_DIM} finite numbers (7 joint targets in rad, gripper opening ` +
        `in m), got ${values.length}: [${values.slice(0, 2 * ACTION_DIM).join(', ')}]`,
    );
  }
}

function checkRate(controlHz: number): void {
  if (CONTROL_RATES.some((rate) => rate === controlHz)) return;
  throw new SimError(`control rate: expected ${CONTROL_RATES.join(' or ')} Hz, got ${controlHz}`);
}
