import { describe, expect, it } from 'vitest';
import {
  detailsOf,
  methodOf,
  nameOf,
  pairsOf,
  titlesOf,
} from '../../../../client/features/compare/result-names.ts';
import type { PolicyResult } from '../../../../server/protocol/index.ts';

const proportion = { k: 0, n: 1, rate: 0, ci95: [0, 1] as const };
const percentiles = { p50: 1, p90: 1, p95: 1, p99: 1, max: 1 };

function result(change: Partial<PolicyResult>): PolicyResult {
  return {
    name: 'flow',
    run: null,
    sampler: 'euler',
    nfe: 10,
    actionHorizon: 20,
    success: proportion,
    contact: proportion,
    modes: {},
    modeEntropy: 0,
    modeEntropyCi95: [0, 0],
    conditionalEntropy: 0,
    klToDemos: null,
    invalidMiddle: proportion,
    firstPlans: {},
    modeSwitchRate: 0,
    seamJump: 0,
    stepsToSuccess: null,
    latencyMs: { chunk: percentiles, perStep: percentiles, firstCall: 1, n: 1 },
    ...change,
  };
}

describe('results', () => {
  it('of what ships for another task are named as on its stage, in the colours of their methods', () => {
    const [l2, reader] = [result({ name: 'three-ways-l2' }), result({ name: 'reading-flow' })];
    expect([l2, reader].map(nameOf)).toEqual(['L2', 'reading-flow']);
    expect([l2, reader, result({})].map(methodOf)).toEqual(['l2', 'flow', 'flow']);
    expect(methodOf({ name: 'somebody else' })).toBeNull();
  });

  it('of one policy are told apart by how it was guided', () => {
    const results = [result({ guidance: 0 }), result({ guidance: 4, nfe: 20 })];
    expect(titlesOf(results)).toEqual(['Flow (Euler · 10 · w 0)', 'Flow (Euler · 20 · w 4)']);
  });

  it('of one policy are told apart by the fresh noise that it drew', () => {
    const drawn = { name: 'diffusion', sampler: 'ddim' };
    expect(titlesOf([result(drawn), result({ ...drawn, eta: 0.5 })])).toEqual([
      'Diffusion (DDIM · 10)',
      'Diffusion (DDIM · 10 · η 0.5)',
    ]);
  });

  it('are named by their policies, and by how they were drawn where these are the same', () => {
    const lstm = result({ name: 'lstm', sampler: 'direct', nfe: 1 });
    const heun = result({ sampler: 'heun', nfe: 9 });
    const run = result({ run: 'flow-20260101-4f2a' });
    expect(titlesOf([lstm, heun])).toEqual(['LSTM', 'Flow']);
    expect(titlesOf([lstm, heun, result({}), run])).toEqual([
      'LSTM',
      'Flow (Heun · 9)',
      'Flow (Euler · 10)',
      'Flow (4f2a · Euler · 10)',
    ]);
  });

  it('keep a name that this page does not know', () => {
    const other = result({ name: 'gan', sampler: 'unheard' });
    expect([titlesOf([other])[0], detailsOf(other)]).toEqual(['gan', 'unheard · 10']);
  });

  it('are paired as the server pairs them', () => {
    expect(pairsOf(['a', 'b', 'c'])).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
  });
});
