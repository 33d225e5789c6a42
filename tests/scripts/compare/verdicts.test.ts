import { describe, expect, it } from 'vitest';
import { formatVerdicts, sayEnded } from '../../../scripts/compare/verdicts.ts';
import type { Judgement } from '../../../server/protocol/results.ts';

const judged = (given: Partial<Judgement>): Judgement => ({
  verdict: 'open',
  difference: 0,
  eValue: 1,
  adjustedEValue: 1,
  pairs: 100,
  starts: 10,
  morePairs: null,
  ...given,
});
const pair = (a: string, b: string, given: Partial<Judgement>) => ({
  a,
  b,
  mcnemarP: 0.0123,
  judged: judged(given),
});

const PAIRS = [
  pair('l2', 'flow', { verdict: 'worse', eValue: 2e26, adjustedEValue: 1.2e26 }),
  pair('l2', 'lstm', { adjustedEValue: 3.456, morePairs: 1234 }),
  pair('lstm', 'flow', { verdict: 'same', adjustedEValue: 0.1, adjustedSameEValue: 24.68 }),
];

describe('the verdicts in the terminal', () => {
  it('are a line a pair: verdict, what is missing, evidence, pairs and McNemar’s p', () => {
    const lines = formatVerdicts({ paired: PAIRS, within: 0.05 }).split('\n');
    expect(lines[0]).toMatch(/^pair +verdict +more +e +pairs +McNemar p$/);
    expect(lines[2]).toMatch(/^l2 against flow +worse +– +1e\+26 +100 +0\.012$/);
    expect(lines[3]).toMatch(/^l2 against lstm +cannot tell yet +~1,200 +3\.46 +100 +0\.012$/);
    expect(lines[4]).toMatch(/^lstm against flow +same, δ = 0.05 +– +24\.7 +100 +0\.012$/);
  });

  it('fit into 100 columns, samplers named', () => {
    const named = pair('diffusion:ddpm:100', 'diffusion:ddim:10', { morePairs: 123_456 });
    const text = formatVerdicts({ paired: [...PAIRS, named], within: 0.05 });
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it('say nothing by a test of a fixed number where that was not fixed', () => {
    const ended = { when: 'decided', taken: 14, saved: 786 } as const;
    const text = formatVerdicts({ paired: PAIRS.slice(0, 1), ended });
    expect(text).not.toContain('McNemar');
    expect(text).not.toContain('letter');
    expect(sayEnded({ paired: PAIRS, rollouts: 100 }, ended)).toBe(
      '1 of 3 pairs still open · 14 rollouts taken, 786 saved (98 %)',
    );
    // It ended before there was nothing left.
    expect(sayEnded({ paired: PAIRS, rollouts: 400 }, ended)).toMatch(
      /^1 of 3 pairs still open, which the rest would hardly decide · 14 /,
    );
    const told = { paired: PAIRS.slice(0, 1), rollouts: 400 };
    expect(sayEnded(told, ended)).toMatch(/^all pairs decided · 14 /);
  });

  it('of a result of an earlier version are left out', () => {
    const paired = [{ a: 'l2', b: 'flow', mcnemarP: 1 }];
    expect(formatVerdicts({ paired })).toMatch(/^l2 against flow +– +– +– +– +1\.0$/m);
  });
});
