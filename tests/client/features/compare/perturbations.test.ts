import { expect, it } from 'vitest';
import {
  kindOf,
  textOf,
  unusedKind,
  usualMagnitude,
} from '../../../../client/features/compare/perturbations.ts';
import { COMPARE_TEXTS } from '../../../../client/features/compare/texts.ts';
import { PERTURBATIONS, parsePerturbation } from '../../../../sim/index.ts';

const NAMES = PERTURBATIONS.map(({ name }) => name);

it.each(NAMES)('%s begins with a magnitude that there is, and changes something', (name) => {
  const magnitude = usualMagnitude(name);
  expect(textOf([{ name, magnitude }])).toBe(`${name}=${magnitude}`);
  expect(magnitude).not.toBe(kindOf(name).unit === '×' ? 1 : 0);
});

it('all kinds are offered in turn, and texts are of kinds that there are', () => {
  expect(NAMES.map((_, i) => unusedKind(NAMES.slice(0, i)))).toEqual(NAMES);
  for (const { perturb } of Object.values(COMPARE_TEXTS)) {
    expect(NAMES).toEqual(expect.arrayContaining(Object.keys(perturb.kinds)));
  }
});

it('several at once are one perturbation, as the command line reads it', () => {
  const draft = [
    { name: 'mass', magnitude: 2 },
    { name: 'push', magnitude: 0.005 },
  ] as const;
  expect(parsePerturbation(textOf(draft) ?? '')).toEqual({ mass: 2, push: 0.005 });
});

it('what is none yet is not asked for', () => {
  expect(textOf([{ name: 'mass', magnitude: null }])).toBeNull();
  expect(textOf([{ name: 'mass', magnitude: 400 }])).toBeNull();
});
