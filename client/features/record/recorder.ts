import type { Recording } from '../../../server/protocol/index.ts';
import type { CommandsUntil } from '../../../server/protocol/takeover-commands.ts';
import {
  ACTION_DIM,
  createFrames,
  Episode,
  forwardKinematics,
  handDown,
  IkSolver,
  type InitialState,
  JOINT_COUNT,
  type Progress,
  type Rapier,
  type Task,
  type Vec3,
} from '../../../sim/index.ts';
import { HandTarget } from './hand.ts';

/** Control rate of recordings, Hz. */
export const RECORD_HZ = 20;

/** A recording that is done, with all the server needs to step it again. */
export interface FinishedRecording {
  readonly recording: Omit<Recording, 'dataset'>;
  /** f32 [T, 8], exactly what was stepped. */
  readonly commands: Float32Array;
  readonly mode: string | null;
  /** The object that was held up at the end. */
  readonly lifted: string | null;
  readonly success: boolean;
}

const NOTHING_BEGUN: CommandsUntil = { commands: new Float32Array(0), spans: [] };

/** One demonstration under way: a hand that is moved, and a world that follows. */
export class Recorder {
  readonly initial: InitialState;
  readonly hand: HandTarget;
  readonly seed: number | null;
  readonly #task: Task;
  readonly #episode: Episode;
  readonly #ik = new IkSolver();
  readonly #rows: Float32Array[] = [];

  readonly #begun: CommandsUntil;

  /**
   * @param seed  the start was drawn from, or null where a person moved an object
   * @param begun what a policy did before a person took over: the world is where that ends.
   *              @default nothing
   * @param own   what the person has commanded since, f32 [n, 8]. @default nothing
   * @cost 0.6 ms a control step of both
   */
  constructor(
    rapier: Rapier,
    task: Task,
    initial: InitialState,
    seed: number | null,
    begun: CommandsUntil = NOTHING_BEGUN,
    own: Float32Array = NOTHING_BEGUN.commands,
  ) {
    this.#task = task;
    this.seed = seed;
    this.initial = initial;
    this.#episode = Episode.create(rapier, task, initial, RECORD_HZ);
    this.#begun = begun;
    for (const commands of [begun.commands, own]) {
      for (let at = 0; at < commands.length; at += ACTION_DIM) {
        const row = commands.slice(at, at + ACTION_DIM);
        this.#episode.step(row);
        this.#rows.push(row);
      }
    }
    this.hand = new HandTarget(handPose(this.#episode.target), 1 / RECORD_HZ);
  }

  get steps(): number {
    return this.#rows.length;
  }

  /** Of them, what a policy did before a person took over. */
  get before(): number {
    return this.#begun.commands.length / ACTION_DIM;
  }

  /** What of that a person commanded. */
  get spansBefore(): CommandsUntil['spans'] {
    return this.#begun.spans;
  }

  /** All that was commanded, f32 [T, 8]. */
  get commands(): Float32Array {
    const commands = new Float32Array(this.#rows.length * ACTION_DIM);
    this.#rows.forEach((row, t) => {
      commands.set(row, t * ACTION_DIM);
    });
    return commands;
  }

  /** What the person commanded, f32 [n, 8]. */
  get own(): Float32Array {
    return this.commands.slice(this.before * ACTION_DIM);
  }

  get progress(): Progress {
    return this.#episode.progress;
  }

  get tcp(): Vec3 {
    return this.#episode.tcp();
  }

  /** Positions of the objects, m, in the task's order. */
  get objects(): readonly Vec3[] {
    return this.#episode.objectPositions();
  }

  /** [8]: joint positions (rad) and opening (m), as they are. */
  get state(): Float32Array {
    return this.#episode.observe().state;
  }

  /**
   * Moves the world on by one control step towards the hand's target.
   *
   * @param opening asked of the gripper, m
   * @returns the largest change of a command since the step before: 0 is rest
   * @throws PhysicsDivergedError
   */
  step(opening: number): number {
    const { position, yaw } = this.hand.advance();
    const command = new Float64Array(ACTION_DIM);
    this.#ik.solve(this.#episode.target, position, handDown(yaw), command, { maxIterations: 30 });
    command[JOINT_COUNT] = opening;
    const row = Float32Array.from(command);
    const before = this.#rows.at(-1) ?? [...this.initial.joints, this.initial.gripperOpening];
    this.#episode.step(row);
    this.#rows.push(row);
    return row.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);
  }

  finish(): FinishedRecording {
    const { mode, success, lifted } = this.#episode.progress;
    const { joints, gripperOpening, objects, instruction } = this.initial;
    return {
      recording: {
        task: this.#task.name,
        controlHz: RECORD_HZ,
        seed: this.seed,
        initial: {
          joints: [...joints],
          gripperOpening,
          objects: objects.map(([x, y, z]): [number, number, number] => [x, y, z]),
          ...(instruction !== undefined && { instruction }),
        },
        replayHash: this.#episode.hash,
        ...(this.before > 0 && { interventions: this.#spans() }),
      },
      commands: this.commands,
      mode,
      lifted,
      success,
    };
  }

  /** What persons commanded of all steps. */
  #spans(): [number, number][] {
    const spans = [...this.#begun.spans, [this.before, this.steps] as const];
    return spans.filter(([from, to]) => from < to).map(([from, to]) => [from, to]);
  }

  /** Releases the world's memory. */
  free(): void {
    this.#episode.free();
  }
}

/** Where the hand is at these joint positions, and how it is turned. */
export function handPose(joints: ArrayLike<number>): { position: Vec3; yaw: number } {
  const frames = createFrames();
  forwardKinematics(joints, frames);
  const [x, y, z] = frames.tcpPosition;
  const R = frames.tcpRotation;
  return { position: [x, y, z], yaw: Math.atan2(R[3], R[0]) };
}
