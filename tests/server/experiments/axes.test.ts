import { expect, it } from 'vitest';
import { groupsOf, matchGroups, placesOn, varyingAxes } from '../../../server/experiments/axes.ts';
import type { Contender } from '../../../server/experiments/plan.ts';
import { somePlan } from '../../support/experiments.ts';

const [EULER] = somePlan().contenders;
const flow = (steps: number, actionHorizon: number): Contender => {
  return { ...EULER, sampler: { kind: 'euler', steps }, nfe: steps, actionHorizon };
};
const l2 = (actionHorizon: number): Contender => ({
  ...EULER,
  source: { kind: 'shipped', name: 'l2' },
  name: 'l2',
  sampler: { kind: 'direct' },
  nfe: 1,
  actionHorizon,
});
const heun: Contender = { ...flow(3, 8), sampler: { kind: 'heun', steps: 2 } };
const CONTENDERS = [l2(16), l2(8), flow(4, 8), flow(1, 8), flow(4, 16), flow(1, 16)];

it('axes are those on which contenders differ, places ascend', () => {
  expect(varyingAxes(CONTENDERS)).toEqual(['nfe', 'actionHorizon']);
  expect(placesOn('nfe', CONTENDERS)).toEqual([1, 4]);
  expect(placesOn('actionHorizon', CONTENDERS)).toEqual([8, 16]);
  expect(varyingAxes([l2(8)])).toEqual([]);
  const delayed = { ...l2(8), chunking: { scheme: 'real-time', delay: 2 } } as const;
  expect(varyingAxes([l2(8), delayed])).toEqual(['scheme', 'delay']);
  const heavy = { ...l2(8), perturbation: { mass: 2 } };
  expect(varyingAxes([l2(8), heavy])).toEqual(['perturbation']);
  expect(placesOn('perturbation', [l2(8), heavy])).toEqual(['mass=2']);
});

it('groups are policies, told apart by sampler where a policy has several', () => {
  const names = (contenders: Contender[]) => groupsOf(contenders).map(({ name }) => name);
  expect(names(CONTENDERS)).toEqual(['l2', 'flow']);
  expect(names([...CONTENDERS, heun])).toEqual(['l2', 'flow euler', 'flow heun']);
  const run = { ...l2(8), source: { kind: 'run', id: 'my-run' } } as const;
  expect(names([l2(8), run])).toEqual(['l2', 'my-run']);
  const noised = (eta: number): Contender => ({
    ...EULER,
    sampler: { kind: 'ddim', steps: 4, eta },
  });
  expect(names([noised(0), noised(0.5)])).toEqual(['flow ddim', 'flow ddim eta=0.5']);
});

it('groups meet where all else is equal, one with a single place on an axis on all places', () => {
  const [match] = matchGroups(CONTENDERS, groupsOf(CONTENDERS));
  expect(match.pairs.map(([i, j]) => [CONTENDERS[i].actionHorizon, CONTENDERS[j].nfe])).toEqual([
    [16, 4],
    [16, 1],
    [8, 4],
    [8, 1],
  ]);
  for (const [i, j] of match.pairs) {
    expect(CONTENDERS[i].actionHorizon).toBe(CONTENDERS[j].actionHorizon);
  }
});
