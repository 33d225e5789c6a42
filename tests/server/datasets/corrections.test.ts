/** What comes of an attempt of a policy that a person took over, sent by a page. */
import { beforeEach, expect, it } from 'vitest';
import { DatasetStore } from '../../../demos/store/index.ts';
import {
  acceptRecording,
  summarizeEpisodes,
  verifyDataset,
} from '../../../server/datasets/datasets.ts';
import { editDataset, mergeDatasets } from '../../../server/datasets/edit.ts';
import { reportError } from '../../../server/error-report.ts';
import { type Recording, recordingSchema } from '../../../server/protocol/datasets.ts';
import { recordInBrowser } from '../../support/recordings.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

let datasets: DatasetStore;
beforeEach(async () => {
  datasets = new DatasetStore(await temporaryDirectory());
});

function accept(changes: Partial<Recording> = {}, steps = 6) {
  const { recording, commands } = recordInBrowser(changes, steps);
  return acceptRecording(datasets, rapier, recordingSchema.parse(recording), commands);
}

it('is kept with its frames flagged, replays to the hash, and is counted', async () => {
  const { dataset, episode } = await accept({
    interventions: [
      [1, 2],
      [4, 6],
    ],
  });
  expect(dataset).toMatchObject({ episodes: 1, corrected: 1 });
  expect(episode).toMatchObject({ interventions: 3, length: 6 });
  const stored = await datasets.open('mine');
  const [{ intervention }] = await stored.readAll();
  expect([...(intervention ?? [])]).toEqual([0, 1, 0, 0, 1, 1]);
  for await (const { ok } of verifyDataset(rapier, stored)) expect(ok).toBe(true);
});

it('begins a new dataset with what the policy was shown, which stays as it is', async () => {
  await accept({ dataset: 'shown' });
  const before = (await datasets.open('shown')).hash;
  const correction = { interventions: [[2, 6]] satisfies Recording['interventions'] };
  await accept({ ...correction, dataset: 'corrected', beginWith: 'shown' }, 8);
  const corrected = await datasets.open('corrected');
  expect(summarizeEpisodes(corrected).map(({ interventions }) => interventions)).toEqual([
    undefined,
    4,
  ]);
  expect((await datasets.open('shown')).hash).toBe(before);
});

it('is refused by a dataset that keeps no interventions, which stays as it is', async () => {
  await accept({}, 4);
  await expect(accept({ interventions: [[2, 6]] })).rejects.toMatchObject({ code: 'mismatch' });
  expect((await datasets.open('mine')).info.episodes).toBe(1);
});

it.each<[string, NonNullable<Recording['interventions']>]>([
  ['beyond its end', [[2, 7]]],
  ['that overlap', [[1, 4], [3, 6]]], // biome-ignore format: one case a line
  ['of nothing', [[3, 3]]],
])('is refused with spans %s', async (_, interventions) => {
  const report = await accept({ interventions }).catch(reportError);
  expect(report).toMatchObject({ code: 'invalid-request' });
  expect((await datasets.list()).length).toBe(0);
});

it('keeps its flags when it is trimmed, and is not trimmed to what the policy did alone', async () => {
  await accept({ interventions: [[3, 6]] });
  const { hash } = await datasets.open('mine');
  const trim = (length: number) =>
    editDataset(datasets, rapier, {
      name: 'mine',
      hash,
      edit: { kind: 'trim', episode: 0, length },
    });
  await expect(trim(3)).rejects.toMatchObject({ code: 'invalid-request' });
  await trim(5);
  const [{ intervention }] = await (await datasets.open('mine')).readAll();
  expect([...(intervention ?? [])]).toEqual([0, 0, 0, 1, 1]);
});

it('is merged with whole demonstrations into a dataset that keeps interventions', async () => {
  await accept({ dataset: 'whole' });
  await accept({ dataset: 'mine', interventions: [[3, 6]] });
  await mergeDatasets(datasets, { names: ['whole', 'mine'], out: 'both' });
  expect((await datasets.open('both')).info).toMatchObject({ episodes: 2, corrected: 1 });
});
