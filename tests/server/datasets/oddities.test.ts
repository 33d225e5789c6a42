import { describe, expect, it } from 'vitest';
import { type Candidate, findDuplicates, findOutliers } from '../../../server/datasets/oddities.ts';

/** A path along x at a height of 0.1 m, `aside` m beside the middle. */
function candidate(episode: number, aside: number, change: Partial<Candidate> = {}): Candidate {
  const tcp = Array.from({ length: 32 }, (_, i) => [i / 100, aside, 0.1]).flat();
  return { episode, mode: 'left', length: 100, commands: String(episode), tcp, ...change };
}

/** Paths up to 5 mm beside the middle, 98 to 102 steps long. */
const usual = Array.from({ length: 20 }, (_, i) =>
  candidate(i, ((i % 5) - 2) * 0.0025, { length: 98 + (i % 5) }),
);

describe('duplicates', () => {
  it('are named with the episode they repeat, whether to the bit or nearly', () => {
    const candidates = [
      candidate(0, 0),
      candidate(1, 0.1),
      candidate(2, 0.2, { commands: '0' }),
      candidate(3, 0.1015),
      candidate(4, 0.103),
    ];
    expect(findDuplicates(candidates)).toEqual([
      { episode: 2, of: 0, exact: true },
      { episode: 3, of: 1, exact: false },
    ]);
  });

  it('are not found among paths that part at one point alone', () => {
    const tcp = Array.from(candidate(0, 0).tcp);
    tcp[46] += 0.01;
    expect(findDuplicates([candidate(0, 0), candidate(1, 0, { tcp })])).toEqual([]);
  });
});

describe('outliers', () => {
  it('are much longer than others of their mode, or go another way', () => {
    const odd = [candidate(20, 0, { length: 300 }), candidate(21, 0.15)];
    expect(findOutliers([...usual, ...odd])).toEqual([
      { episode: 20, by: 'length', value: 300, usual: 100 },
      { episode: 21, by: 'path', value: expect.closeTo(0.15, 2), usual: expect.any(Number) },
    ]);
  });

  it('are held against their own mode: the other side is no oddity', () => {
    const right = usual.map((each, i) =>
      candidate(20 + i, 0.4, { ...each, episode: 20 + i, mode: 'right' }),
    );
    expect(findOutliers([...usual, ...right])).toEqual([]);
  });

  it('are not named among few, nor among those that hardly differ', () => {
    expect(findOutliers([...usual.slice(0, 6), candidate(6, 0.4)])).toEqual([]);
    const same = usual.map(({ episode }) => candidate(episode, 0));
    expect(findOutliers([...same, candidate(20, 0.01, { length: 110 })])).toEqual([]);
  });
});
