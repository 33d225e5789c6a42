import { describe, expect, it } from 'vitest';
import { lineOf, titleOf } from '../../../../client/features/experiments/naming.ts';
import { hashOf, readPlace } from '../../../../client/features/experiments/place.ts';

const FLOW = {
  ...{ name: 'flow', run: null, sampler: 'euler', nfe: 4, actionHorizon: 20 },
  ...{ chunking: { scheme: 'real-time', delay: 4 } as const, perturbation: 'mass=4' },
};
const first = [
  { ...FLOW, name: 'l2', summary: null },
  { ...FLOW, summary: null },
  { ...FLOW, perturbation: null, summary: null },
];

describe('the address of the page of experiments', () => {
  it.each([
    { name: null, contender: null },
    { name: 'sweep', contender: null },
    { name: 'compare-0123abcd', contender: 12 },
  ])('says what is open, and is read back: %o', (place) => {
    expect(readPlace(hashOf(place, 'zh'))).toEqual(place);
  });

  it.each(['', '#name=', '#name=../runs', '#name=A', '#contender=3', '#name=%00'])(
    'asks for nothing where it is %j',
    (hash) => {
      expect(readPlace(hash)).toEqual({ name: null, contender: null });
    },
  );

  it.each(['-1', '1.5', '1e3', '12345', 'x'])('knows no contender %s', (contender) => {
    expect(readPlace(`#name=sweep&contender=${contender}`)).toEqual({
      name: 'sweep',
      contender: null,
    });
  });
});

describe('an experiment is called', () => {
  it('as a person named it', () => {
    expect(titleOf({ name: 'sweep', title: 'the wide one', first })).toBe('the wide one');
  });

  it('by its directory where a command line made it, else by its policies, each once', () => {
    expect(titleOf({ name: 'sweep', title: null, first })).toBe('sweep');
    expect(titleOf({ name: 'compare-0123abcd', title: null, first })).toBe('L2 vs Flow');
  });
});

it('a contender is told with all that makes it another one', () => {
  expect(lineOf(FLOW)).toBe('Flow (Euler · 4 · real-time d 4, Ta 20), mass=4');
});
