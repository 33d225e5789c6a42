import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import {
  createCoverage,
  thinnest,
  withShown,
} from '../../../../client/features/record/coverage.ts';
import { packPaths } from '../../../../server/protocol/dataset-views.ts';
import type { DatasetSummary } from '../../../../server/protocol/index.ts';
import { fakeConnection } from '../../support.ts';

const near = [[0.5, 0]] as const;
const far = [[0.7, 0.1]] as const;

describe('what starts are covered', () => {
  it('is each start once, with the modes in which it was done', () => {
    const covered = [
      ['left', near],
      ['right', [[0.50004, 0]] as const],
      ['left', near],
      [null, far],
    ].reduce(
      (all, [mode, places]) => withShown(all, places as typeof near, mode as string | null),
      [] as ReturnType<typeof withShown>,
    );
    expect(covered.map(({ modes }) => modes)).toEqual([['left', 'right'], []]);
  });

  it('is thinnest where the nearest covered start is farthest, by its farthest object', () => {
    const covered = withShown([], near, 'left');
    expect(thinnest([[[0.52, 0]], [[0.7, 0.1]], [[0.6, 0]]], covered)).toBe(1);
    const two = withShown(
      [],
      [
        [0.5, 0],
        [0.6, 0],
      ],
      'left',
    );
    expect(
      thinnest(
        [
          [
            [0.5, 0.05],
            [0.6, 0],
          ],
          [
            [0.5, 0],
            [0.6, 0.1],
          ],
        ],
        two,
      ),
    ).toBe(1);
    expect(thinnest([near, far], [])).toBe(0);
  });
});

describe('the coverage of a dataset', () => {
  const summary = (hash: string) => ({ name: 'mine', hash }) as DatasetSummary;

  it('is read while it is watched, as the dataset changes', async () => {
    const tcp = new Float32Array(96);
    const paths = packPaths([
      { tcp, starts: Float32Array.of(0.5, 0) },
      { tcp, starts: Float32Array.of(0.7, 0.1) },
    ]).buffer;
    const connection = fakeConnection((name) =>
      name === 'demos:overview'
        ? { drawn: [0, 2], objects: 1, paths }
        : [
            { index: 0, mode: 'left', success: true },
            { index: 1, mode: 'left', success: true },
            { index: 2, mode: 'right', success: false },
          ],
    );
    const datasets = signal<readonly DatasetSummary[] | null>([summary('a')]);
    const dataset = signal('mine');
    const { starts, watch, add } = createCoverage(connection, dataset, datasets);
    expect(connection.asked).toEqual([]);
    const stop = watch();
    await vi.waitUntil(() => starts.value.length === 2);
    expect(starts.value.map(({ modes }) => modes)).toEqual([['left'], []]);
    expect(starts.value[1].places[0][0]).toBeCloseTo(0.7, 4);
    // One on its way counts at once; what the server then says takes its place.
    add([[0.6, 0]], 'right');
    expect(starts.value).toHaveLength(3);
    datasets.value = [summary('b')];
    await vi.waitUntil(() => starts.value.length === 2);
    expect(connection.asked).toHaveLength(4);
    dataset.value = 'another';
    expect(starts.value).toEqual([]);
    stop();
    datasets.value = [summary('c')];
    dataset.value = 'mine';
    expect(connection.asked).toHaveLength(4);
  });

  it('that cannot be read is none, and records go on', async () => {
    const connection = fakeConnection(() => {
      throw new Error('damaged');
    });
    const datasets = signal<readonly DatasetSummary[] | null>([summary('a')]);
    const { starts, watch } = createCoverage(connection, signal('mine'), datasets);
    watch()();
    await vi.waitUntil(() => connection.asked.length === 2);
    expect(starts.value).toEqual([]);
  });
});
