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
import { loadPhysics, type Rapier } from '../../../sim/index.ts';
import { createAction } from '../../shared/link/action.ts';
import { type Connection, reportOf } from '../../shared/link/connection.ts';
import { nearestPlace, type Place, placesOf } from '../../shared/tasks/placing.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { t } from '../../texts.ts';
import { Asking } from './asking.ts';
import { browserCountdown, type CountdownMemory } from './countdown.ts';
import { createCoverage } from './coverage.ts';
import { createDestination } from './destination.ts';
import type { PadSeen } from './gamepad.ts';
import type { HoldReason } from './hold.ts';
import { isMissed, OpenKeeper } from './open-keeper.ts';
import type { RecordPhase, RecordStore } from './record-store.ts';
import { RECORD_HZ } from './recorder.ts';
import { LeftBehind } from './restore.ts';
import { type SetAside, SetAsideTakes } from './set-aside.ts';
import { BROWSER_SHELF, createShelf, type Shelf } from './shelf.ts';
import type { StartPlan } from './starts.ts';
import { Take } from './take.ts';
import type { Taken } from './taken.ts';
import { createUploads } from './uploads.ts';
import { viewOf, type WorldView } from './world-view.ts';

export interface RecordOptions {
  readonly connection: Connection;
  readonly task: ReadonlySignal<StageTask>;
  readonly datasets: ReadonlySignal<readonly DatasetSummary[] | null>;
  /** @default the browser's */
  readonly shelf?: Shelf;
  /** @default the browser's */
  readonly countdown?: CountdownMemory;
  /** The stage is to be shown again; where a policy goes on from where the arm was left, playing. */
  readonly onBack?: (goesOn: boolean) => void;
  /** @default the real one */
  readonly loadPhysics?: () => Promise<Rapier>;
}

export function createRecordStore(options: RecordOptions): RecordStore {
  const { connection, task, datasets } = options;
  const asking = new Asking(task);
  const { demand, wanted } = asking;
  const aside = new SetAsideTakes();
  const shelf = options.shelf ?? createShelf(BROWSER_SHELF);
  const keeper = new OpenKeeper(shelf);
  const uploads = createUploads(connection, shelf);
  const restored = signal(false);
  const phase = signal<RecordPhase>('loading');
  const fault = signal<'no WebAssembly' | { readonly message: string } | null>(null);
  const view = signal<WorldView | null>(null);
  const again = signal(false);
  const thrownAway: Signal<SetAside | null> = signal(null);
  const { dataset, obstacle, failedDataset, saveTo } = createDestination(task, datasets);
  const coverage = createCoverage(connection, dataset, datasets);
  const memory = options.countdown ?? browserCountdown;
  const countdown = signal(memory.read());
  const taken: Signal<Taken | null> = signal(null);
  const keptTaken = signal(false);
  const heldBy = signal<HoldReason | null>(null);
  const pad = signal<PadSeen | null>(null);
  let rapier: Rapier | null = null;
  let opening: Promise<void> | null = null;
  let take: Take | null = null;
  /** Where the person put the objects for this start, m. */
  let places: readonly Place[] | null = null;
  const left = new LeftBehind(shelf, uploads, bringBack);

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
    const maxSteps = LIMITS.recordingSteps;
    use(new Take({ rapier, task: played, ...asking.startWith(places), maxSteps }));
  }

  function use(set: Take): void {
    keeper.drop();
    take?.free();
    take = set;
    take.countdown = taken.value ? 0 : countdown.peek();
    restored.value = false;
    batch(() => {
      again.value = taken.value === null && asking.plan().again;
      publish();
    });
  }

  /** From a policy's attempt back to demonstrations of one's own. */
  function leave(goesOn = false): void {
    taken.value = null;
    asking.ask();
    setUp();
    options.onBack?.(goesOn);
  }

  async function begin(): Promise<void> {
    if (typeof WebAssembly === 'undefined') {
      fault.value = 'no WebAssembly';
      phase.value = 'broken';
      return;
    }
    try {
      rapier = await (options.loadPhysics ?? loadPhysics)();
      fault.value = null;
      asking.ask();
      setUp();
      bringBack();
    } catch (error) {
      fault.value = { message: error instanceof Error ? error.message : String(error) };
      phase.value = 'broken';
    }
  }

  /** What pages that are gone have left: the last attempt goes on, where none has begun here. */
  function bringBack(): void {
    const last = rapier && left.bringBack(rapier, task.peek(), aside);
    if (!last) return;
    if (take?.phase === 'ready' && !taken.peek()) {
      asking.session = last.session;
      undo();
      restored.value = true;
    } else publish();
  }

  /** Once, however often it is asked for; again where it has failed. */
  function open(): Promise<void> {
    if (phase.peek() === 'broken') opening = null;
    opening ??= begin();
    return opening;
  }

  function publish(): void {
    if (!take) return;
    const now = take;
    if (!keptTaken.peek()) keeper.keep(now, { task, taken, dataset, asking });
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
    if (!isMissed(take)) return;
    keeper.drop();
    aside.put({ task: name, take, demand: asked, plan: asking.plan(name).mark });
    take = null;
  }

  function next(change: (starts: StartPlan) => void): void {
    asking.goOn(change, coverage.starts.peek());
    if (!asking.plan().again) places = null;
    asking.ask();
    setUp();
  }

  /** Brings back the attempt thrown away last. */
  function undo(): void {
    if (taken.value) return;
    const entry = aside.pop(task.peek());
    if (!entry) return;
    putAside(task.peek());
    take?.free();
    take = entry.take;
    restored.value = false;
    asking.plan().rewind(entry.plan);
    places = take.recorder.seed === null ? placesOf(take.recorder.initial.objects) : null;
    batch(() => {
      demand.value = entry.demand;
      again.value = asking.plan().again;
      publish();
    });
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
      asking.ask();
      setUp();
    });
  });

  // The first start is there before it is known which are covered.
  effect(() => {
    if (!coverage.known.value) return;
    untracked(() => {
      const first = asking.plan().index === 0 && take?.phase === 'ready' && !taken.value;
      if (first && !places) next(() => asking.spread(coverage.starts.peek()));
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
    failedDataset,
    coverage,
    countdown,
    demand,
    again,
    wanted,
    thrownAway,
    restored,
    unkept: shelf.failing,
    atRisk: computed(
      () =>
        shelf.failing.value &&
        (uploads.unsaved.value.length > 0 ||
          (phase.value !== 'ready' && (view.value?.steps ?? 0) > RECORD_HZ)),
    ),
    maxSteps: LIMITS.recordingSteps,
    take: () => take,
    saveTo,
    want(behaviour) {
      asking.want(behaviour);
      if (take?.phase !== 'ready') return;
      asking.ask();
      setUp();
    },
    rephrase() {
      if (take?.phase !== 'ready') return;
      asking.ask();
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
        const { phase: before, left: counted } = take;
        const stepped = take.tick(now);
        if (stepped) {
          heldBy.value = null;
          restored.value = false;
        }
        if (stepped || take.phase !== before || take.left !== counted) publish();
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
      restored.value = false;
      publish();
    },
    save() {
      if (taken.value) {
        if (!take || keptTaken.value || take.recorder.steps === take.recorder.before) return;
        take.end();
        const { dataset: name, beginWith } = taken.value;
        keptTaken.value = true;
        uploads.add({ dataset: name, finished: take.finish(), beginWith, kept: keeper.release() });
        publish();
        return;
      }
      if (take?.phase !== 'done' || obstacle.value) return;
      const finished = take.finish();
      const { mode, success } = finished;
      const object = demand.value?.behaviour.object == null ? null : finished.lifted;
      const at = placesOf(finished.recording.initial.objects);
      const shown = success && mode !== null ? { object, mode } : null;
      batch(() => {
        fault.value = null;
        const kept = keeper.release();
        uploads.add({ dataset: dataset.value, finished, beginWith: null, kept });
        coverage.add(at, shown?.mode ?? null);
        next((starts) => (wanted.value ? starts.skip() : starts.saved(shown)));
      });
    },
    saveFailed() {
      const name = failedDataset.value;
      if (taken.value || take?.phase !== 'done' || take.recorder.progress.success || !name) return;
      const finished = take.finish();
      batch(() => {
        fault.value = null;
        uploads.add({ dataset: name, finished, beginWith: null, kept: keeper.release() });
        setUp();
      });
    },
    countDown(seconds) {
      countdown.value = seconds;
      memory.write(seconds);
      if (take) take.countdown = seconds;
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
      if (take?.phase === 'counting') {
        take.rest();
        publish();
        return;
      }
      putAside(task.peek());
      places = null;
      next((starts) => starts.skip());
    },
    undo,
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
