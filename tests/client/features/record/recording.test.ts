import { signal } from '@preact/signals';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Countdown, CountdownMemory } from '../../../../client/features/record/countdown.ts';
import { createRecordStore } from '../../../../client/features/record/recording.ts';
import type { StageTask } from '../../../../client/shared/tasks/stage-tasks.ts';
import type { DatasetSummary, RequestInput } from '../../../../server/protocol/index.ts';
import { Episode, findTask } from '../../../../sim/index.ts';
import { playRows, rapier } from '../../../support/simulation.ts';
import { fakeConnection } from '../../support.ts';

const COLOUR = findTask('left-right-colour');

const summary = (name: string, task: string): DatasetSummary => ({
  name,
  task,
  controlHz: 20,
  episodes: 3,
  frames: 300,
  modes: { left: 3, right: 0 },
  successes: 3,
  recorded: 3,
  hash: name,
});

/** @param refused how many recordings the server refuses first */
async function open(
  first: StageTask,
  { refused = 0, countdown }: { refused?: number; countdown?: CountdownMemory } = {},
) {
  const saved: { recording: RequestInput<'record:save'>; commands: Float32Array }[] = [];
  const task = signal<StageTask>(first);
  const datasets = signal<readonly DatasetSummary[] | null>([]);
  const connection = {
    ...fakeConnection(),
    saveRecording: async (recording: RequestInput<'record:save'>, commands: Float32Array) => {
      saved.push({ recording, commands });
      if (saved.length <= refused) throw new Error('refused');
      const dataset = summary(recording.dataset, recording.task);
      const episode = { index: 0, mode: null, source: 'browser', success: false };
      const { replayHash } = recording;
      return { dataset, episode: { ...episode, contact: false, length: 1, replayHash } };
    },
  };
  const store = createRecordStore({
    ...{ connection, task, datasets, loadPhysics: async () => rapier },
    ...(countdown && { countdown }),
  });
  await store.open();
  return { store, task, datasets, saved };
}

type Opened = Awaited<ReturnType<typeof open>>['store'];

let now = 1000;

/** Moves the hand up for so long, s, and ends the attempt. */
function record(store: Opened, seconds = 2): void {
  const take = store.take();
  store.tick(now);
  take?.clutch.press('up', now);
  pass(store, seconds);
  take?.clutch.release('up', now);
  store.finish();
}

function pass(store: Opened, seconds: number): void {
  for (const end = now + seconds; now < end; ) {
    now += 0.05;
    store.tick(now);
  }
}

const stepsOf = (store: Opened) => store.view.value?.steps;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('recording in the task on the stage', () => {
  it('shows its scene, and saves with its instruction to a dataset of its own', async () => {
    const { store, saved } = await open('left-right-colour');
    expect(store.view.value?.objects).toHaveLength(2);
    expect(store.dataset.value).toBe('my-left-right-colour');
    const { instruction, behaviour } = store.demand.value ?? {};
    const sentence = COLOUR.language?.phrases.find(({ text }) => text === instruction);
    expect(sentence?.heldOut).toBe(false);
    expect([null, behaviour?.object]).toContain(sentence?.goal.object);
    expect([null, behaviour?.mode]).toContain(sentence?.goal.mode);

    record(store);
    store.save();
    const [{ recording, commands }] = saved;
    expect(recording).toMatchObject({ task: COLOUR.name, dataset: 'my-left-right-colour' });
    expect(recording.initial.instruction).toBe(instruction);
    // As the server does: from the start, through the commands.
    const episode = Episode.create(rapier, COLOUR, { ...recording.initial }, 20);
    expect(playRows(episode, commands).hash).toBe(recording.replayHash);
    episode.free();
  });

  it('follows when the stage changes its task, each with its own dataset', async () => {
    const { store, task, saved } = await open('left-right');
    expect(store.view.value?.objects).toHaveLength(1);
    expect(store.demand.value?.instruction).toBeNull();
    store.saveTo('mine');
    task.value = 'left-right-colour';
    expect(store.view.value?.objects).toHaveLength(2);
    expect(store.dataset.value).toBe('my-left-right-colour');
    task.value = 'left-right';
    expect(store.dataset.value).toBe('mine');
    record(store);
    store.save();
    expect(saved[0].recording).toMatchObject({ task: 'left-right', dataset: 'mine' });
    expect(saved[0].recording.initial).not.toHaveProperty('instruction');
  });

  it('asks for what a person wants to show', async () => {
    const { store } = await open('left-right-colour');
    store.want({ object: 'green', mode: 'right' });
    for (let i = 0; i < 20; i++) {
      store.rephrase();
      const { behaviour, instruction } = store.demand.value ?? {};
      expect(behaviour).toEqual({ object: 'green', mode: 'right' });
      const goal = COLOUR.language?.understand(instruction ?? '');
      expect([null, 'green']).toContain(goal?.object);
      expect(store.take()?.recorder.initial.instruction).toBe(instruction);
    }
  });

  it('says what is in the way of a dataset of another task, and sends nothing there', async () => {
    const { store, datasets, saved } = await open('left-right-colour');
    datasets.value = [summary('theirs', 'left-right')];
    store.saveTo('theirs');
    expect(store.obstacle.value).toMatchObject({ task: 'left-right', controlHz: 20 });
    record(store);
    store.save();
    expect([saved.length, store.phase.value]).toEqual([0, 'done']);
    store.saveTo('ours');
    store.save();
    expect(saved.map(({ recording }) => recording.dataset)).toEqual(['ours']);
  });

  it('sends one that was refused where a person says then, if the stage still has its task', async () => {
    const { store, task, saved } = await open('left-right', { refused: 2 });
    record(store);
    store.save();
    await vi.waitUntil(() => store.unsaved.value[0]?.error);
    const [{ key }] = store.unsaved.value;
    task.value = 'left-right-colour';
    store.retry(key);
    await vi.waitUntil(() => store.unsaved.value[0]?.error);
    task.value = 'left-right';
    store.saveTo('other');
    store.retry(key);
    await vi.waitUntil(() => store.unsaved.value.length === 0);
    const names = saved.map(({ recording }) => recording.dataset);
    expect(names).toEqual(['my-left-right', 'my-left-right', 'other']);
  });

  it('lets one place each ball, beside the other where that lies there', async () => {
    const { store } = await open('left-right-colour');
    const at = (index: number) => store.view.value?.objects[index] ?? [0, 0, 0];
    const [redX, redY] = at(0);
    store.place(redX, redY, 1);
    const [x, y] = at(1);
    expect(Math.hypot(x - redX, y - redY)).toBeGreaterThanOrEqual(0.11 - 1e-6);
    expect(Math.hypot(x - redX, y - redY)).toBeLessThan(0.13);
    expect([at(0)[0], at(0)[1]]).toEqual([redX, redY]);
    // Where a person put something, no seed says so.
    expect([store.phase.value, store.take()?.recorder.seed]).toEqual(['ready', null]);
  });
});

describe('a finished attempt that is thrown away', () => {
  it.each(['discard', 'redo'] as const)('by %s can be taken back as it was', async (way) => {
    const { store, saved } = await open('left-right-colour');
    const before = store.demand.value;
    record(store);
    const steps = stepsOf(store);
    store[way]();
    expect([store.phase.value, stepsOf(store)]).toEqual(['ready', 0]);
    store.undo();
    expect([store.phase.value, stepsOf(store), store.demand.value]).toEqual([
      'done',
      steps,
      before,
    ]);
    expect(store.thrownAway.value).toBeNull();
    store.save();
    expect(saved[0].commands.length).toBe(8 * (steps ?? 0));
  });

  it('outlives the next one that is thrown away', async () => {
    const { store } = await open('left-right');
    record(store, 2);
    const first = stepsOf(store);
    store.discard();
    record(store, 3);
    const second = stepsOf(store);
    store.discard();
    store.undo();
    expect(stepsOf(store)).toBe(second);
    store.discard();
    store.undo();
    store.undo();
    expect(stepsOf(store)).toBe(first);
    store.undo();
    expect(stepsOf(store)).toBe(second);
  });

  it('by a change of the task is there when the task is', async () => {
    const { store, task } = await open('left-right');
    record(store);
    const steps = stepsOf(store);
    task.value = 'left-right-colour';
    expect(store.thrownAway.value).toBeNull();
    task.value = 'left-right';
    store.undo();
    expect([store.phase.value, stepsOf(store)]).toEqual(['done', steps]);
  });

  it('goes on from its start: the side that was asked for is asked for again', async () => {
    const { store } = await open('left-right');
    record(store);
    store.discard();
    store.discard();
    store.undo();
    store.redo();
    expect(store.take()?.recorder.seed).toBe(store.thrownAway.value?.take.recorder.seed);
  });
});

describe('a failed take', () => {
  it('is kept apart where it is wanted, and the same start comes again', async () => {
    const { store, saved, datasets } = await open('left-right');
    const { seed } = store.take()?.recorder ?? {};
    record(store);
    store.saveFailed();
    expect(saved.map(({ recording }) => recording.dataset)).toEqual(['my-left-right-failed']);
    expect([store.phase.value, store.take()?.recorder.seed]).toEqual(['ready', seed]);
    expect(store.thrownAway.value).toBeNull();
    // Not where others of that name are of another task.
    datasets.value = [summary('my-left-right-failed', 'three-ways')];
    expect(store.failedDataset.value).toBeNull();
    record(store);
    store.saveFailed();
    expect([saved.length, store.phase.value]).toEqual([1, 'done']);
    store.saveTo('my-left-right-failed');
    datasets.value = [];
    expect(store.failedDataset.value).toBe('my-left-right-failed');
  });
});

describe('the next start', () => {
  it('is where those that are covered are thinnest, and asks first for the rarer side', async () => {
    const { store } = await open('left-right');
    const first = store.view.value?.objects[0] ?? [0, 0, 0];
    const seed = store.take()?.recorder.seed ?? 0;
    // Starts of the session as they would come one after the other.
    const task = findTask('left-right');
    const coming = Array.from({ length: 16 }, (_, i) => {
      return task.sampleInitialState(seed + 1 + i).objects[0];
    });
    store.coverage.add([[first[0], first[1]]], 'left');
    store.discard();
    const [x, y] = store.take()?.recorder.initial.objects[0] ?? [];
    const apart = (at: readonly number[]) => Math.hypot(at[0] - first[0], at[1] - first[1]);
    const farthest = coming.reduce((a, b) => (apart(b) > apart(a) ? b : a));
    expect([x, y]).toEqual([farthest[0], farthest[1]]);
    expect(store.demand.value?.behaviour.mode).toBe('right');
  });
});

describe('the countdown', () => {
  it('is remembered, holds for the attempt that is ready, and is called off by Esc', async () => {
    let remembered: Countdown = 3;
    const memory: CountdownMemory = {
      read: () => remembered,
      write: (seconds) => {
        remembered = seconds;
      },
    };
    const { store } = await open('left-right', { countdown: memory });
    const { seed } = store.take()?.recorder ?? {};
    store.start();
    pass(store, 1.5);
    expect([store.phase.value, store.view.value?.countdown]).toEqual(['counting', 2]);
    store.discard();
    expect([store.phase.value, store.take()?.recorder.seed]).toEqual(['ready', seed]);
    store.countDown(0);
    store.start();
    expect([store.phase.value, remembered]).toEqual(['recording', 0]);
  });
});

describe('an arm that nobody holds', () => {
  function moving(store: Opened): void {
    store.tick(now);
    store.take()?.clutch.press('up', now);
    pass(store, 1);
  }

  it.each(['away', 'silence', 'pad gone'] as const)('holds, and says why (%s)', async (reason) => {
    const { store } = await open('left-right');
    moving(store);
    const steps = stepsOf(store);
    store.hold(reason, now);
    expect([store.heldBy.value, store.phase.value]).toEqual([reason, 'waiting']);
    const height = store.view.value?.tcp[2];
    // An hour later the key is still down, as far as the page was told.
    now += 3600;
    pass(store, 2);
    expect([stepsOf(store), store.view.value?.tcp[2]]).toEqual([steps, height]);
    moving(store);
    expect(store.heldBy.value).toBeNull();
    expect(stepsOf(store)).toBeGreaterThan(steps ?? 0);
  });

  it('is not spoken of before it moves, but for a gamepad', async () => {
    const { store } = await open('left-right');
    store.hold('away', now);
    expect([store.heldBy.value, store.phase.value]).toEqual([null, 'ready']);
    store.hold('pad gone', now);
    expect(store.heldBy.value).toBe('pad gone');
    store.showPad({ stick: [0, 0], held: [] });
    expect(store.heldBy.value).toBeNull();
  });
});

describe('a browser without WebAssembly', () => {
  it('is told what is missing, and what to do', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const { store } = await open('left-right');
    expect(store.phase.value).toBe('broken');
    expect(store.problem.value).toMatch(/no WebAssembly.*another browser/);
  });
});
