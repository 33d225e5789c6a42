import { isDeepStrictEqual } from 'node:util';
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

it('only a reflow learns from another policy, which is of a method there is', () => {
  expect(METHOD_NAMES.filter((name) => findMethod(name).teacher)).toEqual(['reflow']);
  expect(METHOD_NAMES).toContain(findMethod('reflow').teacher);
});

it('methods with one objective draw from it alike', () => {
  for (const { objective, samplers } of METHODS) {
    const alike = METHODS.filter((each) => isDeepStrictEqual(each.objective, objective));
    expect(alike.map((each) => each.samplers)).toEqual(alike.map(() => samplers));
  }
});
