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
import { createAction } from '../../shared/link/action.ts';
import { type Connection, reportOf } from '../../shared/link/connection.ts';
import { nearestPlace, type Place, placesOf } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';
import { type Demand, demandOf } from './demand.ts';
import type { PadSeen } from './gamepad.ts';
import type { HoldReason } from './hold.ts';
import type { RecordPhase, RecordStore } from './record-store.ts';
import { RECORD_HZ } from './recorder.ts';
import { type SetAside, SetAsideTakes } from './set-aside.ts';
import { type Behaviour, behavioursOf, StartPlan } from './starts.ts';
import { Take } from './take.ts';
import type { Taken } from './taken.ts';
import { createUploads } from './uploads.ts';
import { withPlaces } from './with-places.ts';
import { viewOf, type WorldView } from './world-view.ts';

/** Seeds 1 to 16383: 0 is what scripted datasets begin with. */
const SESSION_SEEDS = 16_383;

export interface RecordOptions {
  readonly connection: Connection;
  readonly task: ReadonlySignal<StageTask>;
  readonly datasets: ReadonlySignal<readonly DatasetSummary[] | null>;
  /** The stage is to be shown again; where a policy goes on from where the arm was left, playing. */
  readonly onBack?: (goesOn: boolean) => void;
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
  const heldBy = signal<HoldReason | null>(null);
  const pad = signal<PadSeen | null>(null);
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
  function leave(goesOn = false): void {
    taken.value = null;
    ask();
    setUp();
    options.onBack?.(goesOn);
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
      leave(true);
    }),
    tick(now) {
      if (!take) return;
      try {
        const before = take.phase;
        const stepped = take.tick(now);
        if (stepped) heldBy.value = null;
        if (stepped || take.phase !== before) publish();
      } catch (error) {
        // The physics left the finite numbers: this attempt is lost, the next one is not.
        fault.value = { message: error instanceof Error ? error.message : String(error) };
        setUp();
      }
    },
    heldBy,
    pad,
    hold(reason, now) {
      const wasMoving = take?.phase === 'recording';
      take?.letGo(now);
      take?.rest();
      if (wasMoving || reason === 'pad gone') heldBy.value = reason;
      publish();
    },
    showPad(seen) {
      if (seen && heldBy.peek() === 'pad gone') heldBy.value = null;
      pad.value = seen;
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
