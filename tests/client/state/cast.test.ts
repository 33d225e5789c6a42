import { beforeEach, describe, expect, it } from 'vitest';
import { type Cast, createCast } from '../../../client/state/cast.ts';
import { createOffers, type Offers } from '../../../client/state/offers.ts';
import { createRuns, type Runs } from '../../../client/state/runs.ts';
import { createSettings, type Settings } from '../../../client/state/settings.ts';
import { POLICY_NAMES, presetPolicy } from '../../../policies/spec/index.ts';
import type { Run } from '../../../server/protocol/index.ts';
import { fakeConnection } from './support.ts';

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
    POLICY_NAMES.map((name) => ({
      name,
      spec: presetPolicy('quick', name, { task: TASK, controlHz: 20 }),
    })),
  );
});

const idsOf = (lane: '1' | '2' | '3') =>
  cast
    .candidates(lane, TASK)
    .map(({ source }) => (source.kind === 'run' ? source.id : source.name));

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
});

describe('who may act', () => {
  it('is what ships and every run of the task that has a checkpoint', () => {
    const spec = presetPolicy('quick', 'flow', { task: 'left-right-colour', controlHz: 20 });
    runs.replace([
      runOf('d-2'),
      runOf('d-0', { step: 0, status: 'queued' }),
      runOf('colour', { policy: 'flow', spec }),
    ]);
    expect(idsOf('1')).toEqual([...POLICY_NAMES, 'd-2']);
  });

  it('is nobody of another control rate than those beside it', () => {
    const spec = presetPolicy('quick', 'flow', { task: TASK, controlHz: 50 });
    runs.replace([runOf('fast', { policy: 'flow', spec })]);
    const rates = cast.candidates('1', TASK).map(({ otherRate }) => otherRate);
    expect(rates).toEqual([...POLICY_NAMES.map(() => null), 50]);
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
