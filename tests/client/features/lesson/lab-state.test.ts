import { describe, expect, it } from 'vitest';
import { createLabState } from '../../../../client/features/lesson/lab-state.ts';
import { RequestError } from '../../../../client/shared/link/connection.ts';
import type { DatasetSummary, NoiseLevels } from '../../../../server/protocol/index.ts';
import { until } from '../../../support/until.ts';
import { fakeConnection } from '../../support.ts';

function dataset(name: string, episodes = 4): DatasetSummary {
  return {
    name,
    task: 'left-right',
    controlHz: 20,
    episodes,
    frames: 100,
    modes: {},
    successes: episodes,
    recorded: 0,
    hash: name,
  };
}

const LEVELS: NoiseLevels = {
  policy: 'diffusion',
  objective: 'diffusion',
  prediction: 'v',
  dataset: 'demos',
  episodes: 4,
  draws: 512,
  bins: [{ from: 1, to: 10, loss: 0.1, standardError: 0.01 }],
};

function open(
  datasets: readonly DatasetSummary[],
  refuse: (episode: number) => boolean = () => false,
) {
  const connection = fakeConnection((name, request) => {
    if (name === 'hello') {
      return { version: '0', datasets, runs: [], jobs: [], comparisons: [] };
    }
    if (name === 'lesson:noise-levels') return LEVELS;
    const { dataset, episode } = request as { dataset: string; episode: number };
    if (refuse(episode)) throw new RequestError('damaged', 'that file is damaged');
    return { dataset, episode, mode: 'left', controlHz: 20, actionDim: 8, actions: [] };
  });
  const lab = createLabState(connection);
  const read = () => connection.asked.filter(({ name }) => name === 'lesson:actions');
  return { lab, connection, read };
}

describe('demonstrations to be noised', () => {
  it('are read once they are known, and again where another is chosen', async () => {
    const { lab, read } = open([dataset('empty', 0), dataset('demos')]);
    await until(() => lab.actions.value?.dataset === 'demos', 'the first episode');
    lab.episode.value = 3;
    await until(() => lab.actions.value?.episode === 3, 'the chosen episode');
    expect(read().map(({ request }) => request)).toEqual([
      { dataset: 'demos', episode: 0 },
      { dataset: 'demos', episode: 3 },
    ]);
  });

  it('that cannot be read are asked for once; others may still be read', async () => {
    const { lab, read } = open([dataset('demos')], (episode) => episode === 0);
    await until(() => lab.read.error.value !== null, 'the refusal');
    expect(read()).toHaveLength(1);
    lab.episode.value = 1;
    await until(() => lab.actions.value?.episode === 1, 'the other episode');
    expect(lab.read.error.value).toBeNull();
  });

  it('are not there on a new server', async () => {
    const { lab, read } = open([]);
    await until(() => lab.datasets.all.value !== null, 'the server to tell');
    expect(lab.dataset.value).toBeNull();
    expect(read()).toEqual([]);
  });
});

describe('the loss by noise level', () => {
  it('is measured on the chosen demonstrations for a policy that ships, on its own for a run', async () => {
    const { lab, connection } = open([dataset('demos')]);
    await until(() => lab.dataset.value !== null, 'the datasets');
    await lab.measure.run();
    lab.policy.value = { kind: 'run', id: 'flow-1' };
    await lab.measure.run();
    const asked = connection.asked.filter(({ name }) => name === 'lesson:noise-levels');
    expect(asked.map(({ request }) => request)).toEqual([
      { policy: { kind: 'shipped', name: 'diffusion' }, dataset: 'demos' },
      { policy: { kind: 'run', id: 'flow-1' } },
    ]);
    expect(lab.levels.value).toEqual([LEVELS, LEVELS]);
  });
});
