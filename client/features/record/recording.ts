import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import { loadPhysics, type Rapier, startSeed } from '../../../sim/index.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import { type Connection, reportOf } from '../../shared/link/connection.ts';
import { nearestPlace, type Place, placesOf } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';
import { type Demand, demandOf } from './demand.ts';
import { RECORD_HZ } from './recorder.ts';
import { type SetAside, SetAsideTakes } from './set-aside.ts';
import { type Behaviour, behavioursOf, StartPlan } from './starts.ts';
import { Take } from './take.ts';
import type { Taken } from './taken.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { withPlaces } from './with-places.ts';
import { viewOf, type WorldView } from './world-view.ts';

/** Seeds 1 to 16383: 0 is what scripted datasets begin with. */
const SESSION_SEEDS = 16_383;

export type RecordPhase = 'loading' | 'broken' | Take['phase'];

/** Why a dataset takes no recording: it is of another task or control rate. */
export type Obstacle = Pick<DatasetSummary, 'task' | 'controlHz'>;

export interface RecordStore extends Omit<Uploads, 'add' | 'retry'> {
  /** The task on the stage. */
  readonly task: ReadonlySignal<StageTask>;
  readonly phase: ReadonlySignal<RecordPhase>;
  readonly problem: ReadonlySignal<string | null>;
  readonly view: ReadonlySignal<WorldView | null>;
  /** Where recordings of this task go. */
  readonly dataset: ReadonlySignal<string>;
  /** Null where that can take them. */
  readonly obstacle: ReadonlySignal<Obstacle | null>;
  /** What the attempt is to show. */
  readonly demand: ReadonlySignal<Demand | null>;
  /** Something else was shown from the same start before. */
  readonly again: ReadonlySignal<boolean>;
  /** What a person wants to show; null where the plan of starts decides. */
  readonly wanted: ReadonlySignal<Behaviour | null>;
  /** The attempt thrown away last in this task, while it can be taken back. */
  readonly thrownAway: ReadonlySignal<SetAside | null>;
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
  start(): void;
  finish(): void;
  /** Sends what is done; nothing happens where `obstacle` is in the way. */
  save(): void;
  /** The same start again. */
  redo(): void;
  /** Throws the attempt away; on to the next start. */
  discard(): void;
  /** Brings back the attempt thrown away last, as it was. */
  undo(): void;
  /** Puts an object somewhere else before the attempt begins, m. */
  place(x: number, y: number, index: number): void;
  retry(key: number): void;
}

export interface RecordOptions {
  readonly connection: Connection;
  readonly task: ReadonlySignal<StageTask>;
  readonly datasets: ReadonlySignal<readonly DatasetSummary[] | null>;
  /** The stage is to be shown again. */
  readonly onBack?: () => void;
  /** @default the real one */
  readonly loadPhysics?: () => Promise<Rapier>;
}

/** The name under which recordings of a task are kept, unless a person says otherwise. */
export function usualDataset(task: StageTask): string {
  return `my-${task}`;
}

export function createRecordStore(options: RecordOptions): RecordStore {
  const { connection, task, datasets } = options;
  const sessionSeed = 1 + Math.floor(Math.random() * SESSION_SEEDS);
  const plans = new Map<StageTask, StartPlan>();
  const aside = new SetAsideTakes();
  const uploads = createUploads(connection);
  const phase = signal<RecordPhase>('loading');
  const fault = signal<'no WebAssembly' | { readonly message: string } | null>(null);
  const view = signal<WorldView | null>(null);
  const demand = signal<Demand | null>(null);
  const again = signal(false);
  const names = signal<Partial<Record<StageTask, string>>>({});
  const wishes = signal<Partial<Record<StageTask, Behaviour | null>>>({});
  const thrownAway: Signal<SetAside | null> = signal(null);
  const dataset = computed(() => names.value[task.value] ?? usualDataset(task.value));
  const wanted = computed(() => wishes.value[task.value] ?? null);
  const obstacle = computed(() => {
    const known = datasets.value?.find(({ name }) => name === dataset.value);
    const fits = !known || (known.task === task.value && known.controlHz === RECORD_HZ);
    return fits ? null : known;
  });
  const taken: Signal<Taken | null> = signal(null);
  const keptTaken = signal(false);
  let rapier: Rapier | null = null;
  let take: Take | null = null;
  /** Where the person put the objects for this start, m. */
  let places: readonly Place[] | null = null;
  let phrasing = 0;

  function plan(): StartPlan {
    const name = task.peek();
    const known = plans.get(name) ?? new StartPlan(behavioursOf(taskOf(name)));
    plans.set(name, known);
    return known;
  }

  /** Decides what the next attempt is to show. */
  function ask(): void {
    const { index, suggested } = plan();
    const behaviour = wanted.peek() ?? suggested;
    const seed = ~((sessionSeed * 65_536 + index * 64 + phrasing++) % 2 ** 31);
    demand.value = demandOf(taskOf(task.peek()), behaviour, seed);
  }

  function setUp(): void {
    if (!rapier) return;
    const played = taskOf(task.peek());
    keptTaken.value = false;
    if (taken.value) {
      const { initial, seed, begun } = taken.value;
      use(
        new Take({ rapier, task: played, initial, seed, begun, maxSteps: LIMITS.recordingSteps }),
      );
      return;
    }
    const { index } = plan();
    const seed = startSeed('demonstration', sessionSeed, index);
    const initial = {
      ...withPlaces(played.sampleInitialState(seed), places),
      ...(demand.value?.instruction != null && { instruction: demand.value.instruction }),
    };
    const maxSteps = LIMITS.recordingSteps;
    use(new Take({ rapier, task: played, initial, seed: places ? null : seed, maxSteps }));
  }

  function use(set: Take): void {
    take?.free();
    take = set;
    batch(() => {
      again.value = taken.value === null && plan().again;
      publish();
    });
  }

  /** From a policy's attempt back to demonstrations of one's own. */
  function leave(): void {
    taken.value = null;
    ask();
    setUp();
    options.onBack?.();
  }

  async function open(): Promise<void> {
    if (rapier) return;
    if (typeof WebAssembly === 'undefined') {
      fault.value = 'no WebAssembly';
      phase.value = 'broken';
      return;
    }
    try {
      rapier = await (options.loadPhysics ?? loadPhysics)();
      fault.value = null;
      ask();
      setUp();
    } catch (error) {
      fault.value = { message: error instanceof Error ? error.message : String(error) };
      phase.value = 'broken';
    }
  }

  function publish(): void {
    if (!take) return;
    const now = take;
    batch(() => {
      phase.value = now.phase;
      view.value = viewOf(taskOf(task.peek()), now);
      thrownAway.value = taken.value ? null : aside.last(task.peek());
    });
  }

  /** What would be missed is kept; the next attempt may be set up. */
  function putAside(name: StageTask): void {
    const asked = demand.value;
    if (!take || !asked) return;
    const begun = take.recorder.steps > RECORD_HZ || take.phase === 'done';
    if (!begun || take.recorder.steps === 0) return;
    aside.put({ task: name, take, demand: asked, plan: (plans.get(name) ?? plan()).mark });
    take = null;
  }

  function next(change: (starts: StartPlan) => void): void {
    change(plan());
    if (!plan().again) places = null;
    ask();
    setUp();
  }

  let played = task.peek();
  effect(() => {
    const name = task.value;
    untracked(() => {
      if (name === played) return;
      putAside(played);
      played = name;
      places = null;
      taken.value = null;
      ask();
      setUp();
    });
  });

  return {
    ...uploads,
    task,
    phase,
    problem: computed(() =>
      fault.value === 'no WebAssembly'
        ? t.value.recorder.noWebAssembly
        : (fault.value?.message ?? null),
    ),
    view,
    dataset,
    obstacle,
    demand,
    again,
    wanted,
    thrownAway,
    atRisk: computed(
      () =>
        uploads.unsaved.value.length > 0 ||
        (phase.value !== 'ready' && (view.value?.steps ?? 0) > RECORD_HZ),
    ),
    maxSteps: LIMITS.recordingSteps,
    take: () => take,
    saveTo(name) {
      names.value = { ...names.value, [task.peek()]: name };
    },
    want(behaviour) {
      wishes.value = { ...wishes.value, [task.peek()]: behaviour };
      if (take?.phase !== 'ready') return;
      ask();
      setUp();
    },
    rephrase() {
      if (take?.phase !== 'ready') return;
      ask();
      setUp();
    },
    open,
    async takeOver(load) {
      try {
        const [attempt] = await Promise.all([load(), open()]);
        if (!rapier || attempt.task !== task.peek()) return;
        putAside(attempt.task);
        fault.value = null;
        demand.value = null;
        taken.value = attempt;
        setUp();
      } catch (error) {
        fault.value = { message: reportOf(error).message };
      }
    },
    taken,
    keptTaken,
    goOn: createAction(async () => {
      const attempt = taken.value;
      if (!take || !attempt) return;
      take.end();
      const { replayHash } = take.finish().recording;
      await connection.goOn({ ...attempt.moment, replayHash }, take.recorder.own);
      leave();
    }),
    tick(now) {
      if (!take) return;
      try {
        const before = take.phase;
        if (take.tick(now) || take.phase !== before) publish();
      } catch (error) {
        // The physics left the finite numbers: this attempt is lost, the next one is not.
        fault.value = { message: error instanceof Error ? error.message : String(error) };
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
      if (taken.value) {
        if (!take || keptTaken.value || take.recorder.steps === take.recorder.before) return;
        take.end();
        const { dataset: name, beginWith } = taken.value;
        uploads.add(name, take.finish(), beginWith);
        keptTaken.value = true;
        publish();
        return;
      }
      if (take?.phase !== 'done' || obstacle.value) return;
      const finished = take.finish();
      const { mode, success } = finished;
      const object = demand.value?.behaviour.object == null ? null : finished.lifted;
      const shown = success && mode !== null ? { object, mode } : null;
      batch(() => {
        fault.value = null;
        uploads.add(dataset.value, finished);
        next((starts) => (wanted.value ? starts.skip() : starts.saved(shown)));
      });
    },
    redo() {
      fault.value = null;
      putAside(task.peek());
      setUp();
    },
    discard() {
      if (taken.value) {
        leave();
        return;
      }
      putAside(task.peek());
      places = null;
      next((starts) => starts.skip());
    },
    undo() {
      if (taken.value) return;
      const entry = aside.pop(task.peek());
      if (!entry) return;
      putAside(task.peek());
      take?.free();
      take = entry.take;
      plan().rewind(entry.plan);
      places = take.recorder.seed === null ? placesOf(take.recorder.initial.objects) : null;
      batch(() => {
        demand.value = entry.demand;
        again.value = plan().again;
        publish();
      });
    },
    place(x, y, index) {
      if (take?.phase !== 'ready' || taken.value) return;
      const before = places ?? placesOf(take.recorder.initial.objects);
      const others = before.filter((_, i) => i !== index);
      const put = nearestPlace(taskOf(task.peek()).placing, x, y, others);
      places = before.map((place, i) => (i === index ? put : place));
      setUp();
    },
    retry(key) {
      const entry = uploads.unsaved.value.find((each) => each.key === key);
      if (!entry) return;
      // One that its dataset refused goes where recordings of its task go now.
      const { recording } = entry.finished;
      const here = recording.task === task.peek() && recording.interventions === undefined;
      uploads.retry(key, here ? dataset.value : entry.dataset);
    },
  };
}
