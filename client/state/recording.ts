import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ErrorReport, RecordingAccepted } from '../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../server/protocol/limits.ts';
import {
  findTask,
  type InitialState,
  loadPhysics,
  type Rapier,
  startSeed,
} from '../../sim/index.ts';
import { type CoachStep, coach } from '../record/coach.ts';
import { type FinishedRecording, RECORD_HZ } from '../record/recorder.ts';
import { type Side, StartPlan } from '../record/starts.ts';
import { Take } from '../record/take.ts';
import { RECORD_TASK } from '../stage-tasks.ts';
import { type Connection, RequestError, reportOf } from './connection.ts';

/** Seeds 1 to 16383: 0 is what scripted datasets begin with. */
const SESSION_SEEDS = 16_383;

export type RecordPhase = 'loading' | 'broken' | Take['phase'];

/** The recorder's world as it is now. */
export interface RecordView {
  /** [8]: joint positions (rad), opening (m). */
  readonly state: Float32Array;
  readonly tcp: readonly [number, number, number];
  readonly ball: readonly [number, number, number];
  /** Where the hand is on its way to, m. */
  readonly hand: readonly [number, number, number];
  readonly steps: number;
  readonly contact: boolean;
  readonly over: boolean;
  readonly lost: boolean;
  readonly success: boolean;
  readonly mode: string | null;
  readonly closing: boolean;
  readonly coach: CoachStep;
}

/** A demonstration that the server does not have yet. */
export interface Unsaved {
  readonly key: number;
  readonly dataset: string;
  readonly finished: FinishedRecording;
  readonly saving: boolean;
  readonly error: ErrorReport | null;
}

export interface RecordStore {
  readonly phase: ReadonlySignal<RecordPhase>;
  readonly problem: ReadonlySignal<string | null>;
  readonly view: ReadonlySignal<RecordView | null>;
  readonly dataset: Signal<string>;
  readonly suggested: ReadonlySignal<Side>;
  /** The other side was shown from the same start before. */
  readonly second: ReadonlySignal<boolean>;
  readonly unsaved: ReadonlySignal<readonly Unsaved[]>;
  readonly accepted: ReadonlySignal<RecordingAccepted | null>;
  /** Saved since the page was opened. */
  readonly savedCount: ReadonlySignal<number>;
  /** Something would be lost if the page were closed now. */
  readonly atRisk: ReadonlySignal<boolean>;
  readonly maxSteps: number;
  /** The attempt under way, for what moves its hand. */
  take(): Take | null;
  /** Loads the physics and sets up the first attempt; again at no cost. */
  open(): Promise<void>;
  /** @param now s */
  tick(now: number): void;
  start(): void;
  finish(): void;
  save(): void;
  /** The same start again. */
  redo(): void;
  /** Throws the attempt away; on to the next start. */
  discard(): void;
  /** Puts the ball somewhere else before the attempt begins, m. */
  placeBall(x: number, y: number): void;
  retry(key: number): void;
  drop(key: number): void;
}

export function createRecordStore(connection: Connection, dataset: Signal<string>): RecordStore {
  const task = findTask(RECORD_TASK);
  const sessionSeed = 1 + Math.floor(Math.random() * SESSION_SEEDS);
  const starts = new StartPlan();
  const phase = signal<RecordPhase>('loading');
  const problem = signal<string | null>(null);
  const view = signal<RecordView | null>(null);
  const suggested = signal<Side>(starts.suggested);
  const second = signal(false);
  const unsaved = signal<readonly Unsaved[]>([]);
  const accepted = signal<RecordingAccepted | null>(null);
  const savedCount = signal(0);
  let rapier: Rapier | null = null;
  let take: Take | null = null;
  /** Where the person put the ball for this start, m. */
  let ball: readonly [number, number] | null = null;
  let nextKey = 1;

  function setUp(): void {
    if (!rapier) return;
    take?.free();
    const seed = startSeed('demonstration', sessionSeed, starts.index);
    const initial = withBall(task.sampleInitialState(seed), ball);
    const maxSteps = LIMITS.recordingSteps;
    take = new Take({ rapier, task, initial, seed: ball ? null : seed, maxSteps });
    batch(() => {
      suggested.value = starts.suggested;
      second.value = starts.second;
      publish();
    });
  }

  function publish(): void {
    if (!take) return;
    const { recorder, closing } = take;
    const { state, tcp, ball: at, steps } = recorder;
    const { contact, overObstacle: over, lost, success, mode } = recorder.progress;
    const spoiled = contact || over || lost;
    const step = coach({ tcp, ball: at, opening: state[7], closing, success, spoiled });
    batch(() => {
      phase.value = take?.phase ?? 'loading';
      view.value = {
        state,
        tcp,
        ball: at,
        hand: recorder.hand.position,
        steps,
        contact,
        over,
        lost,
        success,
        mode,
        closing,
        coach: step,
      };
    });
  }

  function change(key: number, update: Partial<Unsaved>): void {
    unsaved.value = unsaved.value.map((each) => (each.key === key ? { ...each, ...update } : each));
  }

  async function upload({ key, dataset: name, finished }: Unsaved): Promise<void> {
    change(key, { saving: true, error: null });
    try {
      const recording = { ...finished.recording, dataset: name };
      const answer = await connection.saveRecording(recording, finished.commands);
      batch(() => {
        accepted.value = answer;
        savedCount.value++;
        unsaved.value = unsaved.value.filter((each) => each.key !== key);
      });
    } catch (error) {
      const waits = error instanceof RequestError && error.code === 'offline';
      change(key, { saving: false, error: reportOf(error) });
      // Nothing is wrong with it: it goes as soon as there is a connection.
      if (waits) offline.add(key);
    }
  }

  const offline = new Set<number>();
  effect(() => {
    if (connection.status.value !== 'online') return;
    for (const each of unsaved.peek()) if (offline.delete(each.key)) void upload(each);
  });

  function skip(): void {
    starts.skip();
    ball = null;
    setUp();
  }

  return {
    phase,
    problem,
    view,
    dataset,
    suggested,
    second,
    unsaved,
    accepted,
    savedCount,
    atRisk: computed(
      () =>
        unsaved.value.length > 0 ||
        (phase.value !== 'ready' && (view.value?.steps ?? 0) > RECORD_HZ),
    ),
    maxSteps: LIMITS.recordingSteps,
    take: () => take,
    async open() {
      if (rapier) return;
      try {
        rapier = await loadPhysics();
        setUp();
      } catch (error) {
        problem.value = error instanceof Error ? error.message : String(error);
        phase.value = 'broken';
      }
    },
    tick(now) {
      if (!take) return;
      try {
        const before = take.phase;
        if (take.tick(now) || take.phase !== before) publish();
      } catch (error) {
        // The physics left the finite numbers: this attempt is lost, the next one is not.
        problem.value = error instanceof Error ? error.message : String(error);
        setUp();
      }
    },
    start() {
      take?.start();
      publish();
    },
    finish() {
      take?.end();
      publish();
    },
    save() {
      if (take?.phase !== 'done') return;
      const finished = take.finish();
      const entry: Unsaved = {
        key: nextKey++,
        dataset: dataset.value,
        finished,
        saving: true,
        error: null,
      };
      batch(() => {
        problem.value = null;
        unsaved.value = [...unsaved.value, entry];
        starts.saved(finished.success ? sideOf(finished.mode) : null);
        if (!starts.second) ball = null;
        setUp();
      });
      void upload(entry);
    },
    redo() {
      problem.value = null;
      setUp();
    },
    discard: skip,
    placeBall(x, y) {
      if (take?.phase !== 'ready') return;
      ball = [x, y];
      setUp();
    },
    retry(key) {
      const entry = unsaved.value.find((each) => each.key === key);
      if (entry && !entry.saving) void upload(entry);
    },
    drop(key) {
      unsaved.value = unsaved.value.filter((each) => each.key !== key);
    },
  };
}

function withBall(initial: InitialState, at: readonly [number, number] | null): InitialState {
  if (!at) return initial;
  const [x, y] = at.map(Math.fround);
  return { ...initial, objects: [[x, y, initial.objects[0][2]]] };
}

function sideOf(mode: string | null): Side | null {
  return mode === 'left' || mode === 'right' ? mode : null;
}
