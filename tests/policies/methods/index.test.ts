import { expect, it } from 'vitest';
import { objectiveSchema } from '../../../policies/config/objective.ts';
import {
  describeObjective,
  findMethod,
  METHOD_NAMES,
  METHODS,
} from '../../../policies/methods/index.ts';

it('every kind of objective is learnt by a method', () => {
  const kinds = objectiveSchema.options.map(({ shape }) => shape.kind.value);
  expect(new Set(METHODS.map(({ objective }) => objective.kind))).toEqual(new Set(kinds));
});

it('a method says what it learns in a few words, by itself where its kind does not', () => {
  expect(describeObjective('l2')).toBe('regression');
  expect(describeObjective('diffusion')).toBe('diffusion, v, K = 100');
  expect(describeObjective('flow')).toBe('flow');
  expect(describeObjective('reflow')).toBe('flow, reflow’s pairs');
});

it('only a reflow is taught by another policy', () => {
  expect(METHOD_NAMES.filter((name) => findMethod(name).taught)).toEqual(['reflow']);
});
