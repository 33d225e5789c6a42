import type { CommandsUntil } from '../../../server/protocol/takeover-commands.ts';
import {
  distance,
  type InitialState,
  MAX_GRIPPER_OPENING,
  type Rapier,
  type Task,
  type Vec3,
} from '../../../sim/index.ts';
import { Clutch, type HeldTimes } from './clutch.ts';
import { KEY_SPEED } from './hand.ts';
import { Pacer } from './pacer.ts';
import { type FinishedRecording, RECORD_HZ, Recorder } from './recorder.ts';
import { displacement, FRONT_AXES, type ScreenAxes } from './screen-axes.ts';

/** Control steps at rest after which the clock pauses: demonstrations should not teach hesitation. */
const REST_STEPS = RECORD_HZ / 2;
/** What changes less than this in a control step is at rest, rad or m. */
const REST = 2e-4;
/** Goes on for so long after success, control steps. */
const AFTERGLOW = RECORD_HZ / 4;

/**
 * 'ready' until the first motion, 'counting' before the first step where that is wanted, 'waiting'
 * while everything is at rest without input.
 */
export type TakePhase = 'ready' | 'counting' | 'recording' | 'waiting' | 'done';

export interface TakeOptions {
  readonly rapier: Rapier;
  readonly task: Task;
  readonly initial: InitialState;
  /** Null where a person moved an object. */
  readonly seed: number | null;
  /** Longest recording, control steps. */
  readonly maxSteps: number;
  /** What a policy did before a person took over. @default nothing */
  readonly begun?: CommandsUntil;
  /** Goes on with an attempt that was made before. @default a new one */
  readonly resumed?: Resumed;
}

/** An attempt as it was when its page went. */
export interface Resumed {
  /** What the person commanded, f32 [n, 8]. */
  readonly own: Float32Array;
  readonly done: boolean;
}

/**
 * One attempt at a demonstration, from the hand at rest to its end: takes what the person asks
 * for, steps the world at the control rate, and knows when to begin, to wait and to end.
 * All times are in seconds, on one clock.
 */
export class Take {
  readonly clutch = new Clutch();
  /** What the keys' directions mean: the camera may turn meanwhile. */
  axes: ScreenAxes = FRONT_AXES;
  /** Between the start and the first step, s. */
  countdown = 0;
  readonly #recorder: Recorder;
  readonly #maxSteps: number;
  readonly #pacer = new Pacer(RECORD_HZ);
  #phase: TakePhase = 'ready';
  #closing = false;
  #resting = 0;
  #afterglow = 0;
  #asked = false;
  /** When the countdown ends, s; null until the clock has been looked at. */
  #begins: number | null = null;
  #left: number | null = null;

  /** @throws SimError where the task cannot begin there */
  constructor({ rapier, task, initial, seed, maxSteps, begun, resumed }: TakeOptions) {
    this.#recorder = new Recorder(rapier, task, initial, seed, begun, resumed?.own);
    if (resumed) this.#phase = resumed.done ? 'done' : 'waiting';
    // The gripper stays as it was.
    const opening = resumed?.own.at(-1) ?? begun?.commands.at(-1) ?? MAX_GRIPPER_OPENING;
    this.#closing = opening < MAX_GRIPPER_OPENING / 2;
    this.#maxSteps = maxSteps;
  }

  get phase(): TakePhase {
    return this.#phase;
  }

  get recorder(): Omit<Recorder, 'step' | 'free' | 'finish'> {
    return this.#recorder;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Whole seconds until recording begins; null where nothing is counted. */
  get left(): number | null {
    return this.#left;
  }

  start(): void {
    if (this.#phase !== 'ready') return;
    if (this.countdown > 0) {
      this.#phase = 'counting';
      this.#begins = null;
      this.#left = this.countdown;
      this.hold();
    } else this.#begin();
  }

  /** Asks for a place of the hand, m. */
  moveTo(place: Vec3): void {
    if (this.#phase === 'counting') return;
    this.#recorder.hand.moveTo(place);
    this.#asked = true;
  }

  /** Asks for moves by something else than keys, each as long as its key would have been held, s. */
  nudge(times: HeldTimes): void {
    if (this.#phase === 'counting') return;
    this.#recorder.hand.moveBy(displacement(times, this.axes, KEY_SPEED));
    this.#asked = true;
  }

  /** The pointer let go: the hand stops. */
  hold(): void {
    this.#recorder.hand.hold();
  }

  toggleGripper(): void {
    if (this.#phase === 'counting') return;
    this.#closing = !this.#closing;
    this.#asked = true;
  }

  /** Nobody is there any more: everything holds. */
  letGo(now: number): void {
    this.clutch.releaseAll(now);
    // What was asked for in the time without a look is no longer wanted.
    this.clutch.take(now);
    this.#asked = false;
    this.hold();
  }

  /**
   * Makes the control steps that are due.
   *
   * @returns whether anything was stepped
   * @throws PhysicsDivergedError
   */
  tick(now: number): boolean {
    if (this.#phase === 'counting') this.#count(now);
    const moved = displacement(this.clutch.take(now), this.axes, KEY_SPEED);
    const wanted = this.#asked || this.clutch.engaged || moved.some((value) => value !== 0);
    if (wanted) this.#wake();
    if (this.#phase === 'counting') return false;
    this.#recorder.hand.moveBy(moved);
    const due = this.#pacer.due(now);
    if (this.#phase !== 'recording') return false;
    for (let i = 0; i < due && this.#phase === 'recording'; i++) this.#step(wanted);
    if (due > 0) this.#asked = false;
    return due > 0;
  }

  /** Nobody looks at it for a while: its clock waits. */
  rest(): void {
    this.hold();
    if (this.#phase === 'counting') {
      this.#phase = 'ready';
      this.#left = null;
    }
    if (this.#phase === 'recording') this.#phase = 'waiting';
  }

  /** Ends the attempt as it stands. */
  end(): void {
    if (this.#phase === 'recording' || this.#phase === 'waiting') this.#phase = 'done';
  }

  finish(): FinishedRecording {
    return this.#recorder.finish();
  }

  free(): void {
    this.#recorder.free();
  }

  #begin(): void {
    this.#phase = 'recording';
    this.#left = null;
    this.#pacer.begin();
  }

  #count(now: number): void {
    this.#begins ??= now + this.countdown;
    // What is held meanwhile moves nothing.
    this.clutch.take(now);
    this.#asked = false;
    const left = this.#begins - now;
    if (left > 0) this.#left = Math.ceil(left);
    else this.#begin();
  }

  #wake(): void {
    this.start();
    if (this.#phase !== 'waiting') return;
    this.#phase = 'recording';
    this.#resting = 0;
    this.#pacer.begin();
  }

  #step(wanted: boolean): void {
    const recorder = this.#recorder;
    const { state, objects } = recorder;
    const change = recorder.step(this.#closing ? 0 : MAX_GRIPPER_OPENING);
    const { success, held } = recorder.progress;
    const moving =
      wanted ||
      !recorder.hand.arrived ||
      change > REST ||
      held > 0 ||
      Math.abs(recorder.state[7] - state[7]) > REST ||
      recorder.objects.some((at, i) => distance(at, objects[i]) > REST);
    this.#resting = moving ? 0 : this.#resting + 1;
    if (success) this.#afterglow++;
    if (this.#afterglow > AFTERGLOW || recorder.steps >= this.#maxSteps) this.#phase = 'done';
    else if (this.#resting >= REST_STEPS) this.#phase = 'waiting';
  }
}
