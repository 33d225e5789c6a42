import { beforeEach, describe, expect, it } from 'vitest';
import { createRuns, type Runs } from '../../../../client/features/train/runs.ts';
import { type Cast, createCast } from '../../../../client/shared/lanes/cast.ts';
import { FIRST_CHOICES } from '../../../../client/shared/lanes/lanes.ts';
import { createOffers, type Offers } from '../../../../client/shared/lanes/offers.ts';
import { fullNameOf, hasTwin } from '../../../../client/shared/lanes/role-text.ts';
import { createSettings, type Settings } from '../../../../client/shared/lanes/settings.ts';
import { presetPolicy } from '../../../../policies/config/index.ts';
import { nameOfSource, type Run } from '../../../../server/protocol/index.ts';
import { SHIPPED_METHODS } from '../../../support/shipped-methods.ts';
import { fakeConnection } from '../../support.ts';

const TASK = 'left-right';

function runOf(id: string, change: Partial<Run> = {}): Run {
  const spec = presetPolicy('quick', 'diffusion', { task: TASK, controlHz: 20 });
  return {
    id,
    policy: 'diffusion',
    preset: 'quick',
    spec: { ...spec, objective: { kind: 'diffusion', steps: 50, prediction: 'v' } },
    training: {
      steps: 10,
      batch: 1,
      learningRate: 1e-3,
      warmupSteps: 1,
      weightDecay: 0,
      clipNorm: 1,
      emaDecay: 0.9,
      seed: 0,
    },
    dataset: { name: 'mine', hash: 'h', episodes: 2 },
    status: 'done',
    pid: null,
    engine: null,
    step: 10,
    loss: 0.1,
    seconds: 1,
    warnings: [],
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

let settings: Settings;
let runs: Runs;
let offers: Offers;
let cast: Cast;
beforeEach(() => {
  settings = createSettings();
  runs = createRuns(fakeConnection(() => []));
  offers = createOffers(runs);
  cast = createCast(settings, offers);
  offers.replace(
    SHIPPED_METHODS.map((name) => ({
      name,
      spec: presetPolicy('quick', name, { task: TASK, controlHz: 20 }),
    })),
  );
});

const readable = { vocabulary: ['red'], observed: [{ name: 'state', size: 8 }] };
const reading = presetPolicy('quick', 'flow', {
  task: 'left-right-colour',
  controlHz: 20,
  readable,
});
const seeing = presetPolicy('camera', 'flow', {
  task: 'left-right-colour',
  controlHz: 20,
  readable,
});

const DIGESTS = { model: 'a'.repeat(64), tokenizer: 'b'.repeat(64) };
const borrowing = presetPolicy('quick', 'flow', {
  task: 'left-right-colour',
  controlHz: 20,
  readable: { ...readable, encoder: { name: 'mini.onnx', ...DIGESTS, features: 4 } },
});

const idsOf = (lane: '1' | '2' | '3') =>
  cast.candidates(lane, TASK).map(({ source }) => nameOfSource(source));

describe('a policy that reads with an encoder of the server', () => {
  const candidate = () => cast.candidates('1', borrowing.task)[0];

  it('is listed with what it lacks where the server was given none, or another, and acts nowhere', () => {
    offers.replace([{ name: 'flow', spec: borrowing }]);
    expect(candidate().lacks).toBe('mini.onnx');
    settings.task.value = 'left-right-colour';
    expect(cast.first.value['1']).toBeNull();
    const other = { ...DIGESTS, name: 'mini.onnx', tokenizer: 'c'.repeat(64) };
    offers.replace([{ name: 'flow', spec: borrowing }], other);
    expect(candidate().lacks).toBe('mini.onnx');
  });

  it('acts where the server was given the files, whatever they are called there', () => {
    offers.replace([{ name: 'flow', spec: borrowing }], { ...DIGESTS, name: 'renamed.onnx' });
    expect(candidate().lacks).toBeNull();
    settings.task.value = 'left-right-colour';
    expect(cast.first.value['1']).not.toBeNull();
  });
});

describe('who acts in a lane', () => {
  it('is known of what ships before the server has said anything', () => {
    offers.replace([]);
    expect(cast.of('1')).toMatchObject({ name: 'l2', run: null, drawing: { sampler: 'direct' } });
    expect(cast.of('3')).toMatchObject({ name: 'flow', drawing: { sampler: 'euler', nfe: 10 } });
  });

  it('is known of a run by its own spec, as soon as the server has told of it', () => {
    settings.lanes['3'].value = { policy: { kind: 'run', id: 'd-1' }, sampler: 'ddpm' };
    expect(cast.of('3')).toMatchObject({ name: null, drawing: null, run: 'd-1' });
    runs.replace([runOf('d-1')]);
    expect(cast.of('3')).toMatchObject({ name: 'diffusion', drawing: { nfe: 50 } });
  });

  it('sees a picture where its spec has a camera, and is called by that', () => {
    runs.replace([runOf('blind', { spec: reading }), runOf('seeing', { spec: seeing })]);
    settings.lanes['1'].value = { policy: { kind: 'run', id: 'blind' } };
    settings.lanes['2'].value = { policy: { kind: 'run', id: 'seeing' } };
    const { image } = seeing.condition ?? {};
    expect([cast.of('1').sees, cast.of('2').sees]).toEqual([null, image?.size]);
    expect(fullNameOf(cast.of('2'))).not.toBe(fullNameOf(cast.of('1')));
    expect(hasTwin('2', cast)).toBe(false);
  });
});

describe('who acts first', () => {
  const policyIn = (lane: '1' | '2' | '3') => cast.first.value[lane];

  it('is what ships for each lane, in the task of a first visit', () => {
    expect(cast.first.value).toEqual(FIRST_CHOICES);
  });

  it('is what ships for another task, the last again by another sampler', () => {
    settings.task.value = 'three-ways';
    offers.replace(
      (['l2', 'flow'] as const).map((method) => ({
        name: `three-ways-${method}` as const,
        spec: presetPolicy('quick', method, { task: 'three-ways', controlHz: 20 }),
      })),
    );
    runs.replace([
      runOf('mine', { spec: presetPolicy('quick', 'l2', { task: 'three-ways', controlHz: 20 }) }),
    ]);
    const flow = { kind: 'shipped', name: 'three-ways-flow' };
    expect(cast.first.value).toEqual({
      '1': { policy: { kind: 'shipped', name: 'three-ways-l2' } },
      '2': { policy: flow },
      '3': { policy: flow, sampler: 'heun' },
    });
  });

  it('is nobody in a task that nobody has learnt', () => {
    settings.task.value = 'left-right-colour';
    expect(cast.first.value).toEqual({ '1': null, '2': null, '3': null });
  });

  it('is one policy guided by three scales, in a task in which one is told something', () => {
    settings.task.value = 'left-right-colour';
    runs.replace([
      runOf('half', { policy: 'flow', spec: reading, status: 'running' }),
      runOf('whole', { policy: 'flow', spec: reading }),
    ]);
    const policy = { kind: 'run', id: 'whole' };
    expect([policyIn('1'), policyIn('2'), policyIn('3')]).toEqual([
      { policy, guidance: 0 },
      { policy },
      { policy, guidance: 4 },
    ]);
    const [choice] = [policyIn('3')];
    settings.lanes['3'].value = choice;
    expect(cast.of('3')).toMatchObject({ name: 'flow', guidance: 4 });
  });

  it('is what ships before what was trained here', () => {
    settings.task.value = 'left-right-colour';
    runs.replace([runOf('whole', { policy: 'flow', spec: reading })]);
    offers.replace([{ name: 'flow', spec: reading }]);
    expect(policyIn('2')).toEqual({ policy: { kind: 'shipped', name: 'flow' } });
  });

  it('is not guided where it has never learnt to act without its instruction', () => {
    settings.task.value = 'left-right-colour';
    const { condition } = reading;
    if (!condition) throw new Error('expected a policy that reads');
    const always = { ...condition, text: { ...condition.text, dropRate: 0 } };
    runs.replace([runOf('whole', { policy: 'flow', spec: { ...reading, condition: always } })]);
    expect(policyIn('3')).toEqual({ policy: { kind: 'run', id: 'whole' } });
    settings.lanes['3'].value = policyIn('3');
    expect(cast.of('3').guidance).toBeNull();
  });
});

describe('who may act', () => {
  it('is what ships and every run of the task that has a checkpoint', () => {
    const spec = presetPolicy('quick', 'flow', { task: 'left-right-colour', controlHz: 20 });
    runs.replace([
      runOf('d-2'),
      runOf('d-0', { step: 0, status: 'queued' }),
      runOf('colour', { policy: 'flow', spec }),
    ]);
    expect(idsOf('1')).toEqual([...SHIPPED_METHODS, 'd-2']);
  });

  it('is told apart where it acts at another control rate than those beside it', () => {
    const spec = presetPolicy('quick', 'flow', { task: TASK, controlHz: 50 });
    runs.replace([runOf('fast', { policy: 'flow', spec })]);
    const rates = cast.candidates('1', TASK).map(({ otherRate }) => otherRate);
    expect(rates).toEqual([...SHIPPED_METHODS.map(() => null), 50]);
  });

  it('acts in all views where its rate is another, each with the scale it had', () => {
    const fast = { ...reading, controlHz: 50 as const };
    runs.replace([
      runOf('slow', { policy: 'flow', spec: reading }),
      runOf('fast', { policy: 'flow', spec: fast }),
    ]);
    settings.task.value = 'left-right-colour';
    const slow = { kind: 'run' as const, id: 'slow' };
    settings.lanes['1'].value = { policy: slow, guidance: 0 };
    settings.lanes['2'].value = { policy: slow };
    settings.lanes['3'].value = { policy: slow, guidance: 4 };

    const alike = cast.chosen('2', { policy: slow, sampler: 'heun' });
    expect([alike['1'], alike['3']]).toEqual([
      { policy: slow, guidance: 0 },
      { policy: slow, guidance: 4 },
    ]);
    const policy = { kind: 'run' as const, id: 'fast' };
    expect(cast.chosen('2', { policy })).toEqual({
      '1': { policy, guidance: 0 },
      '2': { policy },
      '3': { policy, guidance: 4 },
    });
  });

  it('makes way in all views for who acts first at another rate', () => {
    const spec = presetPolicy('quick', 'flow', { task: TASK, controlHz: 50 });
    runs.replace([runOf('fast', { policy: 'flow', spec })]);
    const policy = { kind: 'run' as const, id: 'fast' };
    for (const lane of ['1', '2', '3'] as const) settings.lanes[lane].value = { policy };
    expect(cast.chosen('1', FIRST_CHOICES['1'])).toEqual(FIRST_CHOICES);
  });

  it('of another task is left to the server to refuse, in its own view', () => {
    const fast = { ...reading, controlHz: 50 as const };
    runs.replace([runOf('fast', { policy: 'flow', spec: fast })]);
    const policy = { kind: 'run' as const, id: 'fast' };
    expect(cast.chosen('2', { policy })).toEqual({ ...FIRST_CHOICES, '2': { policy } });
  });
});

describe('the policy of a policy server', () => {
  const url = 'ws://127.0.0.1:8000';
  const source = { kind: 'server', url } as const;
  const about = { name: 'mine', task: TASK, controlHz: 20, picture: null, stochastic: true };

  it('may act once it has said what it is, under the name it gives itself, drawn in its own way', () => {
    offers.replaceGuests([{ url, about: null, problem: null }]);
    expect(offers.find(source)).toBeNull();
    offers.replaceGuests([{ url, about, problem: null }]);
    expect(cast.candidates('1', TASK).at(-1)).toMatchObject({ source, otherRate: null });
    settings.lanes['1'].value = { policy: source };
    const role = cast.of('1');
    expect(role).toMatchObject({ guest: 'mine', name: null, objective: null, drawing: null });
    expect(fullNameOf(role)).toBe('mine');
    expect(role.oneAnswer).toBe(false);
    offers.replaceGuests([{ url, about: { ...about, stochastic: false }, problem: null }]);
    expect(cast.of('1').oneAnswer).toBe(true);
  });

  it('sees what it is sent, and acts at its own rate', () => {
    offers.replaceGuests([{ url, about: { ...about, controlHz: 50, picture: 96 }, problem: null }]);
    settings.lanes['1'].value = { policy: source };
    expect(cast.of('1').sees).toBe(96);
    expect(cast.candidates('2', TASK).at(-1)?.otherRate).toBeNull();
    expect(cast.candidates('2', TASK)[0].otherRate).toBe(20);
  });

  it('acts only where somebody lets it', () => {
    const task = 'three-ways';
    offers.replaceGuests([{ url, about: { ...about, task }, problem: null }]);
    settings.task.value = task;
    expect(cast.first.value['1']).toBeNull();
  });
});

describe('a policy that is to be shown', () => {
  it('takes the lane where it acts, else that of its like, else the last', () => {
    expect(cast.laneFor('diffusion')).toBe('2');
    expect(cast.laneFor('lstm')).toBe('1');
    expect(cast.laneFor('reflow')).toBe('3');
    settings.lanes['1'].value = { policy: { kind: 'shipped', name: 'reflow' } };
    expect(cast.laneFor('reflow')).toBe('1');
    expect(cast.laneFor('l2')).toBe('3');
  });
});
