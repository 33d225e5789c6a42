/** What is recorded outlives its page. */
import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { readKept, writeKept } from '../../../../client/features/record/kept-take.ts';
import { createRecordStore } from '../../../../client/features/record/recording.ts';
import type { Taken } from '../../../../client/features/record/taken.ts';
import { type ConnectionStatus, RequestError } from '../../../../client/shared/link/connection.ts';
import type { StageTask } from '../../../../client/shared/tasks/stage-tasks.ts';
import type { DatasetSummary, RequestInput } from '../../../../server/protocol/index.ts';
import { ACTION_DIM, Episode, findTask } from '../../../../sim/index.ts';
import { HOLD, playRows, rapier, task as simulated } from '../../../support/simulation.ts';
import { type FakeBrowser, fakeBrowser } from '../../fake-shelf.ts';
import { fakeConnection } from '../../support.ts';

interface Saved {
  readonly recording: RequestInput<'record:save'>;
  readonly commands: Float32Array;
}

interface PageOptions {
  readonly task?: StageTask;
  /** What the server says to a recording. */
  readonly save?: () => void;
  readonly status?: ConnectionStatus;
}

/** Opens the recorder in a page of a browser. */
async function visit(
  browser: FakeBrowser,
  { task = 'left-right', save = () => {}, status = 'online' }: PageOptions = {},
) {
  const { shelf, leave } = browser.page();
  const saved: Saved[] = [];
  const link = signal<ConnectionStatus>(status);
  const store = createRecordStore({
    connection: {
      ...fakeConnection(),
      status: link,
      saveRecording: async (recording, commands) => {
        if (link.value !== 'online') throw new RequestError('offline', 'not connected');
        save();
        saved.push({ recording, commands });
        return {} as never;
      },
    },
    task: signal<StageTask>(task),
    datasets: signal<readonly DatasetSummary[] | null>([]),
    shelf,
    loadPhysics: async () => rapier,
  });
  await store.open();
  return { store, saved, leave, link };
}

type Store = Awaited<ReturnType<typeof visit>>['store'];

let now = 5000;
/** Moves the hand up for so long, s. */
function move(store: Store, seconds = 2): void {
  store.tick(now);
  store.take()?.clutch.press('up', now);
  for (const end = now + seconds; now < end; ) {
    now += 0.05;
    store.tick(now);
  }
  store.take()?.clutch.release('up', now);
}

const refuse = () => {
  throw new Error('no space left on the disk');
};

describe('a recording under way', () => {
  it('goes on in the next page where it was, from the same start, and replays to its hash', async () => {
    const browser = fakeBrowser();
    const first = await visit(browser, { task: 'left-right-colour' });
    move(first.store);
    first.store.hold('away', now);
    const steps = first.store.view.value?.steps ?? 0;
    const before = first.store.take()?.recorder;
    expect(first.store.atRisk.value).toBe(false);
    first.leave();

    const { store, saved } = await visit(browser, { task: 'left-right-colour' });
    await vi.waitUntil(() => store.restored.value);
    expect(store.phase.value).toBe('waiting');
    expect(store.view.value?.steps).toBe(steps);
    expect([...(store.take()?.recorder.state ?? [])]).toEqual([...(before?.state ?? [])]);
    expect(store.demand.value).toEqual(first.store.demand.value);
    move(store, 1);
    expect(store.restored.value).toBe(false);
    store.finish();
    store.save();
    const [{ recording, commands }] = saved;
    expect(commands.length).toBeGreaterThan(steps * ACTION_DIM);
    expect(recording.initial).toEqual(
      expect.objectContaining({ joints: [...(before?.initial.joints ?? [])] }),
    );
    const episode = Episode.create(rapier, findTask(recording.task), recording.initial, 20);
    expect(playRows(episode, commands).hash).toBe(recording.replayHash);
    episode.free();
    await vi.waitUntil(() => browser.stored.size === 0);
  });

  it('that was brought back can be discarded, and that undone; the same start comes again', async () => {
    const browser = fakeBrowser();
    const first = await visit(browser);
    move(first.store);
    first.store.finish();
    const { seed } = first.store.take()?.recorder ?? {};
    first.leave();
    const { store } = await visit(browser);
    await vi.waitUntil(() => store.restored.value);
    expect(store.phase.value).toBe('done');
    store.redo();
    expect([store.restored.value, store.take()?.recorder.seed]).toEqual([false, seed]);
    expect(browser.stored.size).toBe(0);
    store.undo();
    expect([store.phase.value, browser.stored.size]).toEqual(['done', 1]);
  });

  it('of a page that lives is left to it', async () => {
    const browser = fakeBrowser();
    const first = await visit(browser);
    move(first.store);
    first.store.hold('away', now);
    const second = await visit(browser);
    expect([second.store.restored.value, second.store.phase.value]).toEqual([false, 'ready']);
    expect(browser.stored.size).toBe(1);
    // Both record, at once, to one dataset.
    for (const { store } of [first, second]) {
      move(store);
      store.finish();
      store.save();
    }
    const datasets = [first, second].map(({ saved }) =>
      saved.map((each) => each.recording.dataset),
    );
    expect(datasets).toEqual([['my-left-right'], ['my-left-right']]);
    expect(first.saved[0].recording.seed).not.toBe(second.saved[0].recording.seed);
  });

  it('of a page that is slow to go is brought back once it has gone', async () => {
    const browser = fakeBrowser();
    const [first, second] = [await visit(browser), await visit(browser)];
    move(first.store);
    first.store.hold('away', now);
    move(second.store);
    second.store.hold('away', now);
    const steps = second.store.view.value?.steps;
    const untouched = await visit(browser);
    expect(untouched.store.phase.value).toBe('ready');
    first.leave();
    await vi.waitUntil(() => untouched.store.restored.value);
    expect([untouched.store.phase.value, untouched.store.thrownAway.value]).toEqual([
      'waiting',
      null,
    ]);
    // Not in place of what has begun meanwhile.
    second.leave();
    await vi.waitUntil(() => untouched.store.thrownAway.value);
    untouched.store.undo();
    expect(untouched.store.view.value?.steps).toBe(steps);
  });

  it('is brought back where the browser has no locks', async () => {
    const browser = fakeBrowser({ withLocks: false });
    move((await visit(browser)).store);
    expect((await visit(browser)).store.restored.value).toBe(true);
  });

  it('of which there is not a second is not worth it', async () => {
    const browser = fakeBrowser();
    const { store } = await visit(browser);
    move(store, 0.5);
    store.hold('away', now);
    expect(browser.stored.size).toBe(0);
  });

  it('goes on in memory where the storage is full, which is said, and warns of the loss', async () => {
    const browser = fakeBrowser();
    browser.room = 100;
    const { store, saved } = await visit(browser);
    move(store);
    store.hold('away', now);
    expect([store.unkept.value, store.atRisk.value]).toEqual([true, true]);
    move(store);
    store.finish();
    store.save();
    await vi.waitUntil(() => store.unsaved.value.length === 0);
    expect(saved).toHaveLength(1);
    expect(store.atRisk.value).toBe(false);
  });

  it('that a policy began can be saved in the next page, with the frames that are a person’s', async () => {
    const browser = fakeBrowser();
    const first = await visit(browser);
    const initial = simulated.sampleInitialState(7);
    const commands = Float32Array.from({ length: 96 }, (_, i) => HOLD[i % ACTION_DIM]);
    const taken: Taken = {
      ...{ lane: '1', name: 'Flow', source: { kind: 'shipped', name: 'flow' }, task: 'left-right' },
      ...{ moment: { episodeId: 7, lane: 0, step: 12 }, seed: 7, initial },
      ...{ begun: { commands, spans: [[4, 6]] }, dataset: 'flow-corrections', beginWith: 'shown' },
    };
    await first.store.takeOver(async () => taken);
    move(first.store);
    first.store.hold('away', now);
    const steps = first.store.view.value?.steps ?? 0;
    first.leave();
    const { store, saved } = await visit(browser);
    await vi.waitUntil(() => store.unsaved.value.length > 0);
    expect([store.phase.value, store.taken.value]).toEqual(['ready', null]);
    const [{ key, restored, saving }] = store.unsaved.value;
    expect([restored, saving, saved.length]).toEqual([true, false, 0]);
    store.retry(key);
    await vi.waitUntil(() => store.unsaved.value.length === 0);
    expect(saved[0].recording).toMatchObject({
      ...{ dataset: 'flow-corrections', beginWith: 'shown' },
      interventions: [
        [4, 6],
        [12, steps],
      ],
    });
  });
});

describe('a finished recording that the server did not take', () => {
  it.each<[string, PageOptions]>([
    ['because it is gone', { status: 'lost' }],
    ['because its disk is full', { save: refuse }],
  ])('%s is sent by the next page', async (_, options) => {
    const browser = fakeBrowser();
    const first = await visit(browser, options);
    move(first.store);
    first.store.finish();
    first.store.save();
    await vi.waitUntil(() => first.store.unsaved.value[0]?.error);
    first.leave();
    const { store, saved } = await visit(browser);
    await vi.waitUntil(() => saved.length === 1 && store.unsaved.value.length === 0);
    expect([store.phase.value, browser.stored.size]).toEqual(['ready', 0]);
  });

  it('waits for the connection, and can be thrown away and had back meanwhile', async () => {
    const browser = fakeBrowser();
    const { store, link, saved } = await visit(browser, { status: 'lost' });
    move(store);
    store.finish();
    store.save();
    await vi.waitUntil(() => store.unsaved.value[0]?.error);
    const [{ key }] = store.unsaved.value;
    store.drop(key);
    expect([store.unsaved.value.length, browser.stored.size]).toEqual([0, 0]);
    store.takeBack();
    expect([store.unsaved.value.length, browser.stored.size]).toEqual([1, 1]);
    expect(store.dropped.value).toBeNull();
    link.value = 'online';
    store.retry(key);
    await vi.waitUntil(() => saved.length === 1);
  });
});

describe('what lies in the storage', () => {
  async function someText(): Promise<string> {
    const browser = fakeBrowser();
    const { store } = await visit(browser);
    move(store);
    store.finish();
    const [text] = browser.stored.values();
    return text;
  }

  it('comes back as it was written', async () => {
    const text = await someText();
    const kept = readKept(text);
    expect(kept && JSON.parse(writeKept(kept))).toEqual(JSON.parse(text));
  });

  it('and is none of this, or of another version, is thrown away', async () => {
    const text = await someText();
    const change = (part: object) => JSON.stringify({ ...JSON.parse(text), ...part });
    const broken = [
      ...['', 'null', '7', '[]', '{"kind":"open"}', text.slice(0, -9), ' '.repeat(300_000)],
      change({ kind: 'finished' }),
      change({ task: 'of-a-later-version' }),
      change({ seed: -1 }),
      change({ commands: 'AAAA' }),
      change({ commands: btoa('\xff'.repeat(32)) }),
      change({ initial: { joints: [0, 0], gripperOpening: 0, objects: [] } }),
      change({ plan: { index: 0, suggested: 9, shown: [], saved: 0 } }),
      change({ demand: { behaviour: { object: null, mode: 'through' }, instruction: null } }),
      change({ dataset: '../elsewhere' }),
      change({ before: 1e9 }),
    ];
    expect(broken.map(readKept)).toEqual(broken.map(() => null));
    const browser = fakeBrowser();
    for (const [i, each] of broken.entries())
      browser.stored.set(`forking-paths/take/gone/${i}`, each);
    browser.stored.set('somebody/else', 'theirs');
    const { store } = await visit(browser);
    expect(store.phase.value).toBe('ready');
    expect([...browser.stored]).toEqual([['somebody/else', 'theirs']]);
  });
});
