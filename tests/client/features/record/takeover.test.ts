/** An attempt of a policy that a person takes over, in the recorder. */
import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { createRecordStore } from '../../../../client/features/record/recording.ts';
import type { Taken } from '../../../../client/features/record/taken.ts';
import type { StageTask } from '../../../../client/shared/tasks/stage-tasks.ts';
import type { DatasetSummary, RequestInput } from '../../../../server/protocol/index.ts';
import { ACTION_DIM, Episode, startSeed } from '../../../../sim/index.ts';
import { HOLD, rapier, task as simulated } from '../../../support/simulation.ts';
import { fakeConnection } from '../../support.ts';

const SEED = startSeed('evaluation', 3, 0);
const initial = simulated.sampleInitialState(SEED);
/** What the policy did: 12 control steps, in the middle of which a person had helped before. */
const commands = Float32Array.from({ length: 12 * ACTION_DIM }, (_, i) => HOLD[i % ACTION_DIM]);
const TAKEN: Taken = {
  lane: '1',
  name: 'Flow',
  source: { kind: 'shipped', name: 'flow' },
  moment: { episodeId: 7, lane: 0, step: 12 },
  task: 'left-right',
  seed: SEED,
  initial,
  begun: { commands, spans: [[4, 6]] },
  dataset: 'flow-corrections',
  beginWith: 'shown',
};

function replayed(rows: Float32Array): Episode {
  const episode = Episode.create(rapier, simulated, initial, 20);
  for (let t = 0; t < rows.length; t += ACTION_DIM) episode.step(rows.subarray(t, t + ACTION_DIM));
  return episode;
}

/** @param refusal of the server to let the policy go on */
async function open(refusal: Error | null = null) {
  const saved: { recording: RequestInput<'record:save'>; commands: Float32Array }[] = [];
  const wentOn: { request: RequestInput<'stage:go-on'>; commands: Float32Array }[] = [];
  const back: boolean[] = [];
  const store = createRecordStore({
    connection: {
      ...fakeConnection(),
      saveRecording: async (recording, rows) => {
        saved.push({ recording, commands: rows });
        return {} as never;
      },
      goOn: async (request, rows) => {
        if (refusal) throw refusal;
        wentOn.push({ request, commands: rows });
      },
    },
    task: signal<StageTask>('left-right'),
    datasets: signal<readonly DatasetSummary[] | null>([]),
    onBack: (goesOn) => back.push(goesOn),
    loadPhysics: async () => rapier,
  });
  await store.takeOver(async () => TAKEN);
  return { store, saved, wentOn, backs: () => back };
}

type Store = Awaited<ReturnType<typeof open>>['store'];

let now = 0;
/** The person moves the hand up for a second. */
function correct(store: Store): void {
  store.tick(now);
  store.take()?.clutch.press('up', now);
  for (let k = 0; k < 20; k++) {
    now += 0.05;
    store.tick(now);
  }
  store.take()?.clutch.release('up', now);
}

it('begins in the very state in which the policy was, with nothing of the person yet', async () => {
  const { store } = await open();
  const episode = replayed(commands);
  expect(store.view.value?.steps).toBe(12);
  expect([...(store.view.value?.state ?? [])]).toEqual([...episode.observe().state]);
  expect(store.take()?.recorder.own).toHaveLength(0);
  expect(store.phase.value).toBe('ready');
  store.save();
  expect(store.unsaved.value).toEqual([]);
  episode.free();
});

it('saves the whole attempt, which replays to its hash, with the spans that are a person’s', async () => {
  const { store, saved } = await open();
  correct(store);
  store.save();
  const [{ recording, commands: rows }] = saved;
  const length = rows.length / ACTION_DIM;
  expect(recording).toMatchObject({
    dataset: 'flow-corrections',
    beginWith: 'shown',
    seed: SEED,
    interventions: [
      [4, 6],
      [12, length],
    ],
  });
  expect(length).toBeGreaterThan(12 + 15);
  const episode = replayed(rows);
  expect(episode.hash).toBe(recording.replayHash);
  episode.free();
  // Once: the same correction is not handed in twice.
  store.save();
  expect(saved).toHaveLength(1);
});

it('lets the policy go on from the person’s own commands, and shows the stage again', async () => {
  const { store, wentOn, backs } = await open();
  correct(store);
  const own = store.take()?.recorder.own ?? new Float32Array(0);
  await store.goOn.run();
  const episode = replayed(Float32Array.from([...commands, ...own]));
  expect(wentOn).toEqual([
    { request: { ...TAKEN.moment, replayHash: episode.hash }, commands: own },
  ]);
  expect(backs()).toEqual([true]);
  expect(store.taken.value).toBeNull();
  expect(store.view.value?.steps).toBe(0);
  episode.free();
});

it('loses nothing where the policy cannot go on: the correction can still be saved', async () => {
  const { store, saved, backs } = await open(new Error('the episode is over'));
  correct(store);
  await store.goOn.run();
  expect(store.goOn.error.value?.message).toBe('the episode is over');
  expect(backs()).toEqual([]);
  store.save();
  expect(saved).toHaveLength(1);
});

it('goes back to the moment of the takeover, and from there to the stage', async () => {
  const { store, backs } = await open();
  correct(store);
  store.redo();
  expect(store.view.value?.steps).toBe(12);
  store.discard();
  expect(store.taken.value).toBeNull();
  expect(backs()).toEqual([false]);
});

it('says why there is nothing to take over, and stays as it was', async () => {
  const { store } = await open();
  store.discard();
  await store.takeOver(async () => {
    throw new Error('not kept');
  });
  expect(store.problem.value).toBe('not kept');
  expect(store.taken.value).toBeNull();
});
