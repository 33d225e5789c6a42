import { beforeAll, describe, expect, it } from 'vitest';
import { demonstrate } from '../../../demos/demonstrate.ts';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { findExpert } from '../../../demos/experts/index.ts';
import { verifyDataset } from '../../../server/datasets/datasets.ts';
import { editDataset, mergeDatasets, splitDataset } from '../../../server/datasets/edit.ts';
import type { DatasetEdit } from '../../../server/protocol/dataset-edits.ts';
import { checkRunDataset } from '../../../server/storage/run-dataset.ts';
import { findTask } from '../../../sim/index.ts';
import { newRun } from '../../support/runs.ts';
import { demonstrateMode, rapier } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const KIND = { task: 'left-right', controlHz: 20 } as const;
/** A pair from one start, and a left from another. */
let episodes: readonly Demonstration[];
beforeAll(() => {
  episodes = [demonstrateMode('left', 1), demonstrateMode('right', 1), demonstrateMode('left', 2)];
});

async function withDataset(
  demonstrations = episodes,
  kind: { task: string; controlHz: 20 } = KIND,
) {
  const { datasets } = await temporaryWorkspace();
  const dataset = await datasets.create('mine', kind);
  await dataset.append(demonstrations);
  const { hash } = dataset;
  const change = (edit: DatasetEdit) => editDataset(datasets, rapier, { name: 'mine', hash, edit });
  return { datasets, hash, change };
}

/** What was recorded, without the objects that hold it. */
const hashesOf = (all: readonly Pick<Demonstration, 'replayHash'>[]) =>
  all.map(({ replayHash }) => replayHash);

describe('a changed dataset', () => {
  it.each<[DatasetEdit, readonly number[]]>([
    [{ kind: 'delete', episodes: '1' }, [0, 2]],
    [{ kind: 'keep', episodes: '0-1' }, [0, 1]],
    [{ kind: 'delete-failures' }, [0, 1, 2]],
  ])('keeps what is left, and the version before comes back: %o', async (edit, kept) => {
    const { datasets, hash, change } = await withDataset();
    const { dataset, id } = await change(edit);
    expect(dataset.episodes).toBe(kept.length);
    const edited = await datasets.open('mine');
    expect(hashesOf(edited.episodes)).toEqual(hashesOf(kept.map((i) => episodes[i])));
    expect((await datasets.list()).map(({ name }) => name)).toEqual(['mine']);
    await datasets.trash('mine');
    expect((await datasets.restore(id)).hash).toBe(hash);
  });

  it('is left alone where it has changed since, or what is asked for cannot be', async () => {
    const { datasets, hash, change } = await withDataset();
    const edit = { kind: 'delete', episodes: '0' } as const;
    const stale = editDataset(datasets, rapier, { name: 'mine', hash: 'another', edit });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
    const refused: [DatasetEdit, string][] = [
      [{ kind: 'delete', episodes: '0,3' }, 'not-found'],
      [{ kind: 'keep', episodes: '2-1' }, 'not-found'],
      [{ kind: 'trim', episode: 3, length: 5 }, 'not-found'],
      [{ kind: 'trim', episode: 0, length: 5000 }, 'invalid-request'],
      [{ kind: 'relabel', episodes: '0' }, 'invalid-request'],
      [{ kind: 'relabel', episodes: '0', mode: 'over' }, 'invalid-request'],
      [{ kind: 'relabel', episodes: '0', instruction: 'the red one' }, 'invalid-request'],
    ];
    for (const [refusal, code] of refused) {
      await expect(change(refusal)).rejects.toMatchObject({ code });
    }
    expect((await datasets.list()).map(({ name }) => name)).toEqual(['mine']);
    expect((await datasets.open('mine')).hash).toBe(hash);
  });

  it('counts an episode that nothing can judge again as without success once it is cut', async () => {
    const foreign = { source: 'imported', seed: null, replayHash: null, physics: null } as const;
    const { change } = await withDataset([episodes[0], { ...episodes[1], ...foreign }]);
    const { dataset } = await change({ kind: 'trim', episode: 1, length: 5 });
    expect(dataset).toMatchObject({ episodes: 2, unverified: 1, successes: 1 });
  });

  it('has episodes that end sooner, still replay exactly, and are judged by what is left', async () => {
    const { datasets, change } = await withDataset();
    const { length } = episodes[1];
    const { dataset } = await change({ kind: 'trim', episode: 1, length: length - 40 });
    expect(dataset).toMatchObject({ episodes: 3, successes: 2 });
    const edited = await datasets.open('mine');
    const cut = await edited.read(1);
    expect(cut).toMatchObject({ length: length - 40, mode: 'right', success: false });
    const rows = 8 * (length - 40);
    expect(cut.command).toEqual(episodes[1].command.subarray(0, rows));
    expect(cut.state).toEqual(episodes[1].state.subarray(0, rows));
    for await (const { ok } of verifyDataset(rapier, edited)) expect(ok).toBe(true);
  });

  it('keeps the frames that a person took over, and ends after the first of them', async () => {
    const [left] = episodes;
    const intervention = new Uint8Array(left.length).fill(1, 30, 50);
    const { datasets } = await temporaryWorkspace();
    const kind = { ...KIND, interventions: true };
    const dataset = await datasets.create('mine', kind);
    await dataset.append([{ ...left, intervention }, left]);
    const cut = (length: number) =>
      editDataset(datasets, rapier, {
        ...{ name: 'mine', hash: dataset.hash, edit: { kind: 'trim', episode: 0, length } },
      });
    // What is left would be a policy's own, learnt from as if a person had shown it.
    await expect(cut(30)).rejects.toMatchObject({ code: 'invalid-request' });
    await cut(40);
    const edited = await datasets.open('mine');
    expect((await edited.read(0)).intervention).toEqual(intervention.subarray(0, 40));
    const { hash } = edited;
    const parts = await splitDataset(datasets, { name: 'mine', hash, by: 'source' });
    expect(parts.map(({ name }) => name)).toEqual(['mine-intervention', 'mine-scripted']);
    // Put together with others, in either order, they are still told apart.
    await datasets.create('plain', KIND).then((plain) => plain.append([left]));
    await mergeDatasets(datasets, { names: ['plain', 'mine'], out: 'both' });
    expect((await datasets.open('both')).interventions).toEqual([0, 10, 0]);
  });

  it('is no longer what a run began with: it cannot be resumed on it', async () => {
    const workspace = await temporaryWorkspace();
    const dataset = await workspace.datasets.create('pair', KIND);
    await dataset.append(episodes);
    const run = await newRun(workspace);
    const edit = { kind: 'delete', episodes: '0' } as const;
    const { id } = await editDataset(workspace.datasets, rapier, {
      ...{ name: 'pair', hash: dataset.hash, edit },
    });
    const check = () => checkRunDataset(workspace.datasets, run);
    await expect(check()).rejects.toMatchObject({ code: 'conflict' });
    await workspace.datasets.trash('pair');
    await workspace.datasets.restore(id);
    await check();
  });

  it('does not cut what replays elsewhere: nobody could say where it ends', async () => {
    const other = { ...episodes[0], replayHash: '0123456789abcdef' };
    const { change } = await withDataset([other]);
    const trim = change({ kind: 'trim', episode: 0, length: 10 });
    await expect(trim).rejects.toMatchObject({ code: 'failed' });
  });

  it('says another mode of an episode, or none; what was done stays', async () => {
    const { datasets, change } = await withDataset();
    await change({ kind: 'relabel', episodes: '0,2', mode: null });
    const { info, episodes: facts } = await datasets.open('mine');
    expect(info).toMatchObject({ modes: { left: 0, right: 1 }, unlabelled: 2 });
    expect(hashesOf(facts)).toEqual(hashesOf(episodes));
  });
});

describe('an episode that is told another sentence', () => {
  it('is judged by it anew', async () => {
    const task = findTask('left-right-colour');
    const expert = findExpert(task.name);
    if (!expert || !task.language) throw new Error('expected a task with a language');
    const sentences = task.language.phrases.filter(({ goal }) => goal.mode === null);
    const sentence = (object: string) =>
      sentences.find(({ goal }) => goal.object === object)?.text ?? '';
    const red = demonstrate(rapier, task, expert, 'left', {
      ...{ controlHz: 20, startSeed: 1, expertSeed: 1, instruction: sentence('red') },
    });
    const { datasets, change } = await withDataset([red], { task: task.name, controlHz: 20 });
    expect(red.success).toBe(true);
    await change({ kind: 'relabel', episodes: '0', instruction: sentence('green') });
    const [facts] = (await datasets.open('mine')).episodes;
    expect(facts.initial.instruction).toBe(sentence('green'));
    expect(facts).toMatchObject({ success: false, replayHash: red.replayHash });
  });
});

describe('a dataset taken apart and put together', () => {
  it('gives one for each mode beside it, which together are the same again', async () => {
    const { datasets, hash } = await withDataset();
    const made = await splitDataset(datasets, { name: 'mine', hash, by: 'mode' });
    expect(made.map(({ name, episodes: count }) => [name, count])).toEqual([
      ['mine-left', 2],
      ['mine-right', 1],
    ]);
    expect((await datasets.open('mine')).hash).toBe(hash);
    const names = ['mine-left', 'mine-right'];
    const both = await mergeDatasets(datasets, { names, out: 'both' });
    expect(both).toMatchObject({ episodes: 3, modes: { left: 2, right: 1 } });
    const order = [0, 2, 1].map((i) => episodes[i]);
    expect(hashesOf((await datasets.open('both')).episodes)).toEqual(hashesOf(order));
  });

  it('is cut between two episodes, and not where nothing would be set apart', async () => {
    const { datasets, hash } = await withDataset();
    const split = (by: 'result' | number) => splitDataset(datasets, { name: 'mine', hash, by });
    const made = await split(1);
    expect(made.map(({ name, episodes: count }) => [name, count])).toEqual([
      ['mine-first', 1],
      ['mine-rest', 2],
    ]);
    await expect(split(3)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(split('result')).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('is not put together with one of another rate or task', async () => {
    const { datasets } = await withDataset();
    await datasets.create('fast', { task: 'left-right', controlHz: 50 });
    const merge = mergeDatasets(datasets, { names: ['mine', 'fast'], out: 'both' });
    await expect(merge).rejects.toMatchObject({ code: 'invalid-request' });
    expect((await datasets.list()).map(({ name }) => name)).toEqual(['fast', 'mine']);
  });
});
