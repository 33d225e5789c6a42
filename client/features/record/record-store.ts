import type { ReadonlySignal } from '@preact/signals';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
import type { Action } from '../../shared/link/action.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import type { Countdown } from './countdown.ts';
import type { Coverage } from './coverage.ts';
import type { Demand } from './demand.ts';
import type { PadSeen } from './gamepad.ts';
import type { HoldReason } from './hold.ts';
import type { SetAside } from './set-aside.ts';
import type { Behaviour } from './starts.ts';
import type { Take } from './take.ts';
import type { Taken } from './taken.ts';
import type { Uploads } from './uploads.ts';
import type { WorldView } from './world-view.ts';

export type RecordPhase = 'loading' | 'broken' | Take['phase'];

/** Why a dataset takes no recording: it is of another task or control rate. */
export type Obstacle = Pick<DatasetSummary, 'task' | 'controlHz'>;

export interface RecordStore extends Omit<Uploads, 'add' | 'restore' | 'retry'> {
  /** The task on the stage. */
  readonly task: ReadonlySignal<StageTask>;
  readonly phase: ReadonlySignal<RecordPhase>;
  readonly problem: ReadonlySignal<string | null>;
  readonly view: ReadonlySignal<WorldView | null>;
  /** Where recordings of this task go. */
  readonly dataset: ReadonlySignal<string>;
  /** Null where that can take them. */
  readonly obstacle: ReadonlySignal<Obstacle | null>;
  /** Where failed takes are kept apart from them; null where that cannot take any. */
  readonly failedDataset: ReadonlySignal<string | null>;
  /** Of the dataset that recordings go to. */
  readonly coverage: Coverage;
  /** Before each attempt, s. */
  readonly countdown: ReadonlySignal<Countdown>;
  /** What the attempt is to show. */
  readonly demand: ReadonlySignal<Demand | null>;
  /** Something else was shown from the same start before. */
  readonly again: ReadonlySignal<boolean>;
  /** What a person wants to show; null where the plan of starts decides. */
  readonly wanted: ReadonlySignal<Behaviour | null>;
  /** The attempt thrown away last in this task, while it can be taken back. */
  readonly thrownAway: ReadonlySignal<SetAside | null>;
  /** The attempt comes from a page that is gone, and has not been touched since. */
  readonly restored: ReadonlySignal<boolean>;
  /** The browser cannot keep recordings: what the page has is lost with it. */
  readonly unkept: ReadonlySignal<boolean>;
  /** Something would be lost if the page were closed now. */
  readonly atRisk: ReadonlySignal<boolean>;
  readonly maxSteps: number;
  /** The attempt of a policy that was taken over; null while one demonstrates from the beginning. */
  readonly taken: ReadonlySignal<Taken | null>;
  /** Letting the policy go on from where the arm is now, and then back to the stage. */
  readonly goOn: Action<[]>;
  /** The correction has been handed in as it stands. */
  readonly keptTaken: ReadonlySignal<boolean>;
  /**
   * Sets up an attempt that a policy began, in place of what was under way.
   *
   * @param load gives what was commanded until then; what it throws is shown as the problem
   */
  takeOver(load: () => Promise<Taken>): Promise<void>;
  /** Why the arm holds though nobody let go of it; null once it has been moved again. */
  readonly heldBy: ReadonlySignal<HoldReason | null>;
  /** The gamepad as it is held; null where there is none. */
  readonly pad: ReadonlySignal<PadSeen | null>;
  /** The attempt under way, for what moves its hand. */
  take(): Take | null;
  saveTo(dataset: string): void;
  /** What the attempts to come are to show, and this one where it has not begun. */
  want(behaviour: Behaviour | null): void;
  /** Another sentence for the same behaviour, before the attempt begins. */
  rephrase(): void;
  /** Loads the physics and sets up the first attempt; again at no cost. */
  open(): Promise<void>;
  /** @param now s */
  tick(now: number): void;
  /** Lets go of everything: the arm stays where it is, and the clock waits. @param now s */
  hold(reason: HoldReason, now: number): void;
  showPad(pad: PadSeen | null): void;
  start(): void;
  finish(): void;
  /** Sends what is done; nothing happens where `obstacle` is in the way. */
  save(): void;
  /** Sends what is done and has failed to where such takes are kept apart; the same start again. */
  saveFailed(): void;
  /** Remembered by the browser. */
  countDown(seconds: Countdown): void;
  /** The same start again. */
  redo(): void;
  /** Throws the attempt away; on to the next start. A countdown is called off. */
  discard(): void;
  /** Brings back the attempt thrown away last, as it was. */
  undo(): void;
  /** Puts an object somewhere else before the attempt begins, m. */
  place(x: number, y: number, index: number): void;
  retry(key: number): void;
}
