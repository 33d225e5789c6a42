import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answersOnce,
  CONDITION_KINDS,
  chooseSampler,
  conditionKind,
  defaultActionHorizon,
  METHOD_NAMES,
  type MethodName,
  nfeOf,
  nfeRange,
  type ObjectiveSpec,
  PRESET_NAMES,
  PRESETS,
  policySpecSchema,
  presetPolicy,
  REGISTRY,
  type Readable,
  SAMPLERS,
  SpecError,
} from '../../policies/config/index.ts';
import { findMethod, migrateMethod, pathOf } from '../../policies/methods/index.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { TINY_SPEC } from '../support/tiny-policy.ts';
import { TINY_CONDITION } from '../support/tiny-reader.ts';

const TASK = { task: 'left-right', controlHz: 20 } as const;
const READABLE: Readable = {
  vocabulary: ['green', 'red'],
  observed: [
    { name: 'state', size: 8 },
    { name: 'red', size: 3 },
  ],
};

/** Methods of before checkpoints named theirs. */
const UNNAMED: readonly MethodName[] = ['l2', 'diffusion', 'flow', 'lstm', 'reflow'];

describe('presets', () => {
  it('are valid, and give all policies but the LSTM the same network and horizons', () => {
    for (const preset of PRESET_NAMES) {
      const { controlHz = 20, image } = PRESETS[preset];
      const kind = { ...TASK, controlHz, ...(image && { readable: READABLE }) };
      const names = METHOD_NAMES.filter(
        (name) => !image || !('unable' in findMethod(name).reading),
      );
      const specs = names.map((name) => presetPolicy(preset, name, kind));
      for (const [i, spec] of specs.entries()) {
        expect(policySpecSchema.parse(spec)).toEqual(spec);
        if (UNNAMED.includes(names[i])) expect(migrateMethod(spec)).toBe(names[i]);
        const network = names[i] === 'lstm' ? spec.network : specs[0].network;
        expect(spec).toEqual({ ...specs[0], objective: spec.objective, network });
      }
      expect(PRESETS[preset].training.warmupSteps).toBeLessThan(PRESETS[preset].training.steps);
    }
  });

  it('read where the task has words, each thing observed on its own', () => {
    const spec = presetPolicy('quick', 'flow', { ...TASK, readable: READABLE });
    expect(policySpecSchema.parse(spec)).toEqual(spec);
    expect(spec.condition?.text).toMatchObject({ vocabulary: ['green', 'red'] });
    expect(spec.condition?.observed).toEqual(READABLE.observed);
    expect(presetPolicy('quick', 'flow', TASK)).not.toHaveProperty('condition');
  });

  it('train a flow that reads more at the noise, where words decide', () => {
    expect(presetPolicy('quick', 'flow', { ...TASK, readable: READABLE }).objective).toEqual({
      kind: 'flow',
      time: 'beta',
    });
    expect(presetPolicy('quick', 'flow', TASK).objective).toEqual({ kind: 'flow' });
  });

  it('tell a policy with a camera its own state alone', () => {
    const spec = presetPolicy('camera', 'flow', { ...TASK, readable: READABLE });
    expect(spec.condition?.observed).toEqual([{ name: 'state', size: 8 }]);
  });

  it.each(PRESET_NAMES)('%s makes neither an LSTM nor a reflow that reads', (preset) => {
    const { controlHz = 20 } = PRESETS[preset];
    const make = (name: MethodName) => () =>
      presetPolicy(preset, name, { ...TASK, controlHz, readable: READABLE });
    expect(make('lstm')).toThrow(SpecError);
    expect(make('lstm')).toThrow('an LSTM reads no instruction');
    expect(make('reflow')).toThrow('the pairs a reflow learns from are drawn without instructions');
  });

  it('of the lesson are two seconds at 50 Hz, with picture and words', () => {
    const spec = presetPolicy('lesson', 'flow', { ...TASK, controlHz: 50, readable: READABLE });
    expect(spec).toMatchObject({ controlHz: 50, predHorizon: 100 });
    expect(spec.condition?.image?.size).toBeGreaterThanOrEqual(64);
    expect(() => presetPolicy('lesson', 'flow', { ...TASK, readable: READABLE })).toThrow(
      'at 50 Hz, got 20 Hz; generate them with --control-hz 50',
    );
    expect(() => presetPolicy('camera', 'flow', TASK)).toThrow('a task with a language');
  });

  it('execute 1 s of each plan, or all of a shorter one', () => {
    expect(defaultActionHorizon({ controlHz: 20, predHorizon: 32 })).toBe(20);
    expect(defaultActionHorizon({ controlHz: 50, predHorizon: 100 })).toBe(50);
    expect(defaultActionHorizon({ controlHz: 20, predHorizon: 8 })).toBe(8);
  });
});

describe('the registry', () => {
  const CONDITIONS = {
    none: undefined,
    text: TINY_CONDITION,
    'text+image': { ...TINY_CONDITION, image: { size: 32, channels: 8, points: 4 } },
  };

  it('has every policy once, as its presets make it', () => {
    expect(REGISTRY.map(({ name }) => name)).toEqual(METHOD_NAMES);
    for (const { name, objective, network, presets } of REGISTRY) {
      for (const preset of presets) {
        const { controlHz = 20, image } = PRESETS[preset];
        const kind = { ...TASK, controlHz, ...(image && { readable: READABLE }) };
        const spec = presetPolicy(preset, name, kind);
        if (UNNAMED.includes(name)) expect(migrateMethod(spec)).toBe(name);
        expect([spec.objective.kind, spec.network.kind]).toEqual([objective.kind, network]);
      }
    }
  });

  it('has the samplers that a policy can be drawn with, the default first, and no other', () => {
    const all = Object.values(SAMPLERS).flat();
    for (const { objective, samplers } of REGISTRY) {
      expect(chooseSampler(objective).kind).toBe(samplers[0].kind);
      for (const sampler of all) {
        const choose = () => chooseSampler(objective, { sampler });
        if (samplers.some(({ kind }) => kind === sampler)) expect(choose).not.toThrow();
        else expect(choose).toThrow(/^sampler: a .* policy takes .*, got/);
      }
    }
  });

  it('knows which have one answer: those whose training noises nothing', () => {
    for (const { name, objective } of REGISTRY) {
      expect([name, answersOnce(objective)]).toEqual([name, pathOf(objective) === null]);
    }
    expect(REGISTRY.filter(({ objective }) => answersOnce(objective))).toHaveLength(2);
  });

  it('lets an LSTM read nothing, as its spec does, and the others what theirs lets them', () => {
    for (const { name, objective, conditions } of REGISTRY) {
      if (name === 'reflow') continue;
      const { network } = presetPolicy('quick', name, TASK);
      for (const kind of CONDITION_KINDS) {
        const condition = CONDITIONS[kind];
        const spec = { ...presetPolicy('quick', name, TASK), objective, network };
        const asked = { ...spec, ...(condition && { condition }) };
        expect(conditionKind(asked)).toBe(kind);
        expect(policySpecSchema.safeParse(asked).success).toBe(conditions.includes(kind));
      }
    }
  });
});

describe('a policy spec', () => {
  it.each([
    ['a horizon the U-Net cannot halve', { predHorizon: 9 }, /multiple of 2/],
    [
      'groups that do not divide the channels',
      { network: { ...TINY_SPEC.network, groups: 5 } },
      /divisor/,
    ],
    ['an unknown objective', { objective: { kind: 'gan' } }, /objective/],
    ['a key too many', { shell: 'rm' }, /shell/],
    ['a name that leads elsewhere', { task: '../etc' }, /a–z/],
    ['no observation', { obsHorizon: 0 }, /obsHorizon/],
    ['an unknown flow time', { objective: { kind: 'flow', time: 'cosine' } }, /time/],
    [
      'an LSTM that should learn a flow',
      { network: { kind: 'lstm', hidden: 16, embedding: 16 } },
      /an lstm has one answer and cannot learn flow/,
    ],
    [
      'an LSTM that should read',
      {
        objective: { kind: 'regression' },
        network: { kind: 'lstm', hidden: 16, embedding: 16 },
        condition: TINY_CONDITION,
      },
      /an lstm reads no instruction/,
    ],
  ])('is refused with %s', (_, change, message) => {
    const result = policySpecSchema.safeParse({ ...TINY_SPEC, ...change });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toMatch(message);
  });
});

describe('a policy spec of before there were flow times and couplings', () => {
  it('is read as it was', () => {
    expect(policySpecSchema.parse(TINY_SPEC)).toEqual(TINY_SPEC);
    expect(TINY_SPEC.objective).toEqual({ kind: 'flow' });
  });
});

describe('a sampler', () => {
  const DIFFUSION: ObjectiveSpec = { kind: 'diffusion', steps: 100, prediction: 'v' };
  const OBJECTIVES: readonly ObjectiveSpec[] = [
    { kind: 'regression' },
    DIFFUSION,
    { kind: 'flow' },
  ];

  it('can be made for every objective it is listed for, with as many steps as NFE', () => {
    for (const objective of OBJECTIVES) {
      for (const sampler of SAMPLERS[objective.kind]) {
        const chosen = chooseSampler(objective, { sampler });
        expect(createPlan(objective, chosen)).toHaveLength(nfeOf(chosen, objective));
      }
    }
  });

  it('defaults to the first listed, with ten steps', () => {
    expect(chooseSampler({ kind: 'flow' })).toEqual({ kind: 'euler', steps: 10 });
    expect(chooseSampler(DIFFUSION)).toEqual({ kind: 'ddim', steps: 10, eta: 0 });
    expect(chooseSampler({ kind: 'regression' }, { nfe: 7 })).toEqual({ kind: 'direct' });
  });

  it('does as many network evaluations as its range says, and no others', () => {
    for (const objective of OBJECTIVES) {
      for (const sampler of SAMPLERS[objective.kind].filter((kind) => kind !== 'direct')) {
        const { least, most, step, usual } = nfeRange(objective, sampler);
        expect(nfeOf(chooseSampler(objective, { sampler }), objective)).toBe(usual);
        fc.assert(
          fc.property(fc.integer({ min: -5, max: 1100 }), (nfe) => {
            const choose = () => nfeOf(chooseSampler(objective, { sampler, nfe }), objective);
            const listed = nfe >= least && nfe <= most && (nfe - least) % step === 0;
            if (listed) expect(choose()).toBe(nfe);
            else expect(choose).toThrow(SpecError);
          }),
        );
      }
    }
  });

  it('counts network evaluations, of which heun makes two a step but one in the last', () => {
    const flow: ObjectiveSpec = { kind: 'flow' };
    expect(chooseSampler(flow, { sampler: 'heun', nfe: 5 })).toEqual({ kind: 'heun', steps: 3 });
    expect(nfeOf({ kind: 'heun', steps: 3 }, flow)).toBe(5);
    expect(nfeOf(chooseSampler(flow, { sampler: 'heun' }), flow)).toBe(9);
    expect(chooseSampler(flow, { sampler: 'one-step' })).toEqual({ kind: 'one-step' });
  });

  it('takes η where it is DDIM', () => {
    expect(chooseSampler(DIFFUSION, { nfe: 5, eta: 0.5 })).toEqual({
      kind: 'ddim',
      steps: 5,
      eta: 0.5,
    });
  });

  it('is one step for a reflow, unless more network evaluations are asked for', () => {
    const reflow: ObjectiveSpec = { kind: 'flow', coupling: 'reflow' };
    expect(chooseSampler(reflow)).toEqual({ kind: 'one-step' });
    expect(chooseSampler(reflow, { nfe: 4 })).toEqual({ kind: 'euler', steps: 4 });
  });

  it.each([
    [
      DIFFUSION,
      { sampler: 'euler' },
      /diffusion policy takes ddim, ddpm, dpm-solver\+\+ or renoise, got "euler"/,
    ],
    [
      { kind: 'flow' },
      { sampler: 'ddim' },
      /flow policy takes euler, heun, one-step or renoise, got "ddim"/,
    ],
    [DIFFUSION, { nfe: 101 }, /from 1 to 100, got 101/],
    [{ kind: 'flow' }, { nfe: 0 }, /from 1 to 1000, got 0/],
    [DIFFUSION, { sampler: 'ddpm', nfe: 10 }, /all 100 diffusion steps.*use ddim or dpm-solver/],
    [DIFFUSION, { sampler: 'dpm-solver++', nfe: 101 }, /from 1 to 100, got 101/],
    [DIFFUSION, { sampler: 'ddpm', eta: 0.5 }, /eta: only ddim.*ddpm has no such choice/],
    [{ kind: 'flow' }, { eta: 0 }, /eta: only ddim.*euler has no such choice/],
    [{ kind: 'flow' }, { sampler: 'heun', nfe: 6 }, /odd number, got 6; use 5, or euler/],
    [{ kind: 'flow' }, { sampler: 'heun', nfe: 1002 }, /from 1 to 999, got 1002/],
    [{ kind: 'flow' }, { sampler: 'one-step', nfe: 2 }, /takes 1, got 2; use euler or heun/],
    [{ kind: 'regression' }, { sampler: 'ddim' }, /regression policy takes direct, got "ddim"/],
  ] as const)(
    'that does not fit is refused with what would: %j %j',
    (objective, choice, message) => {
      expect(() => chooseSampler(objective, choice)).toThrow(SpecError);
      expect(() => chooseSampler(objective, choice)).toThrow(message);
    },
  );
});
