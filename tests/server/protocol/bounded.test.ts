import { describe, expect, it } from 'vitest';
import { PRESETS, presetPolicy } from '../../../policies/config/index.ts';
import {
  boundDatasets,
  boundHello,
  boundRun,
  type DatasetSummary,
  type Hello,
  LIMITS,
  type Run,
} from '../../../server/protocol/index.ts';

const run: Run = {
  id: 'flow-20260101-000000-4f2a',
  policy: 'flow',
  preset: 'quick',
  spec: presetPolicy('quick', 'flow', { task: 'left-right', controlHz: 20 }),
  training: { ...PRESETS.quick.training, seed: 0 },
  dataset: { name: 'mine', hash: '0', episodes: 2 },
  status: 'done',
  pid: null,
  engine: 'compiled',
  step: 10,
  loss: 0.1,
  seconds: 1,
  warnings: ['few demonstrations'],
  error: null,
  createdAt: '2026-01-01T00:00:00.000Z',
};
const dataset: DatasetSummary = {
  name: 'mine',
  task: 'left-right',
  controlHz: 20,
  episodes: 2,
  frames: 200,
  modes: { left: 1, right: 1 },
  successes: 2,
  recorded: 0,
  hash: '0',
};
const hello: Hello = {
  version: '0.0.0',
  shipped: [],
  datasets: [dataset],
  runs: [run],
  jobs: [],
  comparisons: [],
};
const manyWarnings = { ...run, id: 'large', warnings: Array<string>(1_000_000).fill('careful') };
const longError = { ...run, id: 'long', error: 'x'.repeat(10_000_000) };
const manyModes = {
  ...dataset,
  modes: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`mode-${i}`, 1])),
};

const sizeOf = (value: unknown) => JSON.stringify(value).length;

describe('what is said of all there is', () => {
  it('is said as it is, where nothing is too large', () => {
    expect(boundHello(hello)).toStrictEqual(hello);
  });

  it('fits into what a page may leave unread, whatever lies in the directories', () => {
    const said = boundHello({
      ...hello,
      runs: [manyWarnings, longError, ...Array<Run>(100_000).fill(run)],
      datasets: [manyModes, ...Array<DatasetSummary>(100_000).fill(dataset)],
    });
    expect(sizeOf(said)).toBeLessThan(LIMITS.unreadBytes / 2);
  });

  it('has sound entries beside ones that are too large, and says how many are left out', () => {
    const said = boundHello({
      ...hello,
      runs: [manyWarnings, run],
      datasets: [manyModes, dataset],
    });
    expect(said.datasets).toEqual([dataset]);
    expect(said.runs.map(({ id }) => id)).toEqual(['large', run.id]);
    expect(said.runs[0].warnings.length).toBeLessThan(100);
    expect(said.omitted).toEqual({ runs: 0, datasets: 1, jobs: 0, comparisons: 0 });
  });

  it('keeps the newest of too many', () => {
    const title = 'x'.repeat(1000);
    const jobs = Array.from({ length: 1000 }, (_, i) => ({
      id: `train-${i}`,
      kind: 'train' as const,
      title,
      status: 'done' as const,
      progress: 1,
      preparation: null,
      secondsLeft: null,
      error: null,
    }));
    const said = boundHello({ ...hello, jobs });
    expect(said.jobs.length).toBeGreaterThan(100);
    expect(said.jobs).toEqual(jobs.slice(-said.jobs.length));
    expect(said.omitted?.jobs).toBe(jobs.length - said.jobs.length);
  });

  it('holds hundreds of runs and datasets', () => {
    const many = {
      ...hello,
      runs: Array<Run>(500).fill(run),
      datasets: Array<DatasetSummary>(500).fill(dataset),
    };
    expect(boundHello(many)).toStrictEqual(many);
  });
});

it('news of a run and of datasets are bounded alike', () => {
  expect(sizeOf(boundRun(manyWarnings))).toBeLessThan(100_000);
  expect(sizeOf(boundRun(longError))).toBeLessThan(10_000);
  expect(boundDatasets([manyModes, dataset])).toEqual([dataset]);
});
