import { expect, it } from 'vitest';
import { SpecError } from '../../policies/config/index.ts';
import { chooseDrawing, evaluationsOf } from '../../policies/drawing.ts';

const OWN = { name: 'holding', objective: null };
const FLOW = { name: 'flow', objective: { kind: 'flow' } } as const;

it('a policy that learnt an objective is drawn by its samplers, counted with guidance', () => {
  const sampler = chooseDrawing(FLOW, { sampler: 'heun', nfe: 5 });
  expect(sampler).toEqual({ kind: 'heun', steps: 3 });
  expect(evaluationsOf(FLOW, sampler)).toBe(5);
  expect(evaluationsOf(FLOW, sampler, 4)).toBe(10);
});

it('one that draws in a way of its own has no sampler, and nobody guesses its evaluations', () => {
  expect(chooseDrawing(OWN)).toBeNull();
  expect(chooseDrawing(OWN, { nfe: 10 })).toBeNull();
  expect(evaluationsOf(OWN, null)).toBeNull();
  expect(evaluationsOf({ ...OWN, evaluations: 10 }, null)).toBe(10);
});

it.each([
  [
    { sampler: 'ddim' },
    'sampler: holding draws in a way of its own and has no such choice, got ddim',
  ],
  [{ eta: 0.5 }, 'eta: holding draws in a way of its own and has no such choice, got 0.5'],
])('one that draws in a way of its own is not asked for %j', (choice, message) => {
  expect(() => chooseDrawing(OWN, choice)).toThrow(SpecError);
  expect(() => chooseDrawing(OWN, choice)).toThrow(message);
});
