import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choiceOf,
  drawingOf,
  etaChoices,
  nfeChoices,
  noised,
  redrawn,
} from '../../../../client/shared/lanes/drawing.ts';
import { chooseSampler, nfeOf, REGISTRY } from '../../../../policies/config/index.ts';

const policy = { kind: 'run', id: 'a' } as const;

/** Every policy with every sampler of its own, and any number of evaluations that this can do. */
const choices = fc
  .constantFrom(
    ...REGISTRY.flatMap(({ objective, samplers }) =>
      samplers.map((sampler) => ({ objective, ...sampler })),
    ),
  )
  .chain(({ objective, kind, nfe: { least, most, step } }) =>
    fc
      .integer({ min: 0, max: Math.floor((most - least) / step) })
      .map((n) => ({ objective, kind, nfe: least + n * step })),
  );

describe('a choice', () => {
  it('draws as it was meant to, however little of it is said', () => {
    fc.assert(
      fc.property(choices, ({ objective, kind, nfe }) => {
        const choice = choiceOf(policy, objective, kind, nfe);
        const { sampler, nfe: asked } = choice;
        const spec = chooseSampler(objective, {
          ...(sampler && { sampler }),
          ...(asked && { nfe: asked }),
        });
        expect([spec.kind, nfeOf(spec, objective)]).toEqual([kind, nfe]);
        expect(drawingOf(objective, choice)).toMatchObject({ sampler: kind, nfe });
      }),
    );
  });

  it('says nothing of what would be so anyway', () => {
    const flow = { kind: 'flow' } as const;
    const reflow = { kind: 'flow', coupling: 'reflow' } as const;
    expect(choiceOf(policy, flow, 'euler', 10)).toEqual({ policy });
    expect(choiceOf(policy, flow, 'heun')).toEqual({ policy, sampler: 'heun' });
    expect(choiceOf(policy, flow, 'one-step', 1)).toEqual({ policy, sampler: 'one-step' });
    expect(choiceOf(policy, reflow, 'one-step')).toEqual({ policy });
    expect(choiceOf(policy, reflow, 'euler')).toEqual({ policy, sampler: 'euler' });
    expect(choiceOf(policy, flow, 'euler', 4)).toEqual({ policy, sampler: 'euler', nfe: 4 });
  });

  it('that does not fit has no drawing', () => {
    expect(drawingOf({ kind: 'flow' }, { policy, sampler: 'ddim' })).toBeNull();
    expect(drawingOf({ kind: 'flow' }, { policy, sampler: 'heun', nfe: 4 })).toBeNull();
    expect(drawingOf({ kind: 'regression' }, { policy, sampler: 'euler' })).toBeNull();
    expect(drawingOf({ kind: 'flow' }, { policy, eta: 0.5 })).toBeNull();
  });
});

describe('the fresh noise of a choice', () => {
  const diffusion = { kind: 'diffusion', steps: 100, prediction: 'v' } as const;

  it('is none at first, and no choice of samplers but DDIM', () => {
    expect(drawingOf(diffusion, { policy })?.eta).toBe(0);
    expect(drawingOf(diffusion, { policy, eta: 0.5 })?.eta).toBe(0.5);
    expect(drawingOf(diffusion, { policy, sampler: 'ddpm' })?.eta).toBeNull();
    expect(drawingOf({ kind: 'flow' }, { policy })?.eta).toBeNull();
  });

  it('stays with DDIM in any number of steps, and goes with it', () => {
    const choice = noised({ policy, guidance: 2 }, 0.5);
    expect(redrawn(choice, diffusion, 'ddim', 25)).toEqual({
      policy,
      sampler: 'ddim',
      nfe: 25,
      guidance: 2,
      eta: 0.5,
    });
    expect(redrawn(choice, diffusion, 'ddpm')).toEqual({ policy, sampler: 'ddpm', guidance: 2 });
    expect(noised(choice, 0)).toEqual({ policy, guidance: 2 });
  });

  it('on offer is from none to that of DDPM, the one in use among it', () => {
    expect(etaChoices(0)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(etaChoices(0.25).slice(0, 5)).toEqual([0, 0.1, 0.2, 0.25, 0.3]);
  });
});

describe('the numbers of calls on offer', () => {
  it('are in order, can all be chosen, and have the one in use and the default among them', () => {
    fc.assert(
      fc.property(choices, ({ objective, kind, nfe }) => {
        const drawing = drawingOf(objective, choiceOf(policy, objective, kind, nfe));
        if (!drawing) throw new Error('expected a drawing');
        const offered = nfeChoices(drawing);
        expect(offered).toEqual([...new Set(offered)].sort((a, b) => a - b));
        expect(offered).toEqual(expect.arrayContaining([nfe, drawing.range.usual]));
        for (const each of offered) {
          const spec = chooseSampler(objective, { sampler: kind, nfe: each });
          expect(nfeOf(spec, objective)).toBe(each);
        }
      }),
    );
  });
});
