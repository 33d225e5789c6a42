import { describe, expect, it } from 'vitest';
import { outsideOf, regionsOf } from '../../../../client/features/watch/coverage.ts';
import type { OfferedSet, Run } from '../../../../server/protocol/index.ts';
import type { Hull } from '../../../../sim/tasks/start-region.ts';
import { FRESH_RUN } from '../../../support/runs.ts';

const SQUARE: Hull = [
  [0.6, 0],
  [0.7, 0],
  [0.7, 0.1],
  [0.6, 0.1],
];
const SET: OfferedSet = {
  ...{ hash: 'abc', task: 'left-right', controlHz: 20, episodes: 200, seed: 0 },
  ...{ policies: ['l2', 'flow'], starts: [SQUARE], thrownAway: false },
};
const run = (id: string, starts?: [number, number][][]): Run => ({
  ...{ ...FRESH_RUN, id, createdAt: '2026-01-01T00:00:00.000Z' },
  dataset: { ...FRESH_RUN.dataset, ...(starts && { starts }) },
});

describe('where a policy was trained', () => {
  it('is told by the set of a shipped one, and by a run of its own', () => {
    const starts: [number, number][][] = [[[0.5, 0.5]]];
    const runs = [run('old'), run('new', starts)];
    expect(regionsOf({ kind: 'shipped', name: 'flow' }, [SET], runs)).toEqual([SQUARE]);
    expect(regionsOf({ kind: 'run', id: 'new' }, [SET], runs)).toEqual(starts);
  });

  it('is not known of an older run, of another shipped policy, and where nobody acts', () => {
    const runs = [run('old')];
    expect(regionsOf({ kind: 'run', id: 'old' }, [SET], runs)).toEqual([]);
    expect(regionsOf({ kind: 'shipped', name: 'three-ways-l2' }, [SET], runs)).toEqual([]);
    expect(regionsOf(undefined, [SET], runs)).toEqual([]);
  });

  it('is left by an object beyond it, so many centimetres', () => {
    expect(outsideOf([SQUARE], [[0.65, 0.05, 0.03]])).toEqual([]);
    expect(outsideOf([SQUARE], [[0.65, -0.04, 0.03]])).toEqual([{ object: 0, centimetres: 4 }]);
    expect(outsideOf([SQUARE], [[0.708, 0.05, 0.03]])).toEqual([{ object: 0, centimetres: 1 }]);
    expect(outsideOf([], [[0.9, 0.9, 0.03]])).toEqual([]);
  });
});
