import { describe, expect, it } from 'vitest';
import { createRuns, renewal } from '../../../../client/features/train/runs.ts';
import { type Run, trainRequestSchema } from '../../../../server/protocol/index.ts';
import { FRESH_RUN } from '../../../support/runs.ts';
import { fakeConnection } from '../../support.ts';

const run = (id: string, changes: Partial<Run> = {}): Run => ({
  ...FRESH_RUN,
  id,
  createdAt: '2026-01-01T00:00:00.000Z',
  status: 'stopped',
  ...changes,
});

function setUp() {
  const old = run('old', { createdAt: '2025-01-01T00:00:00.000Z' });
  const connection = fakeConnection((name, request) => {
    if (name === 'run:metrics') return [];
    if (name === 'run:restore') return old;
    if (name === 'run:rename') return { ...old, title: (request as { title: string }).title };
    return { id: 'old.20260101T000000000Z' };
  });
  const runs = createRuns(connection);
  runs.replace([run('new'), old]);
  return { connection, runs, old };
}

const ids = (runs: ReturnType<typeof createRuns>) => runs.all.value?.map(({ id }) => id);

describe('a run', () => {
  it('is gone when it is in the trash, and back in its place when that is undone', async () => {
    const { connection, runs, old } = setUp();
    await runs.trash.run(old);
    connection.say('run:trashed', 'old');
    expect(ids(runs)).toEqual(['new']);
    const [{ id }] = runs.trashed.value;
    await runs.restore.run(id);
    connection.say('run', old);
    expect(ids(runs)).toEqual(['new', 'old']);
    expect(runs.trashed.value).toEqual([]);
  });

  it('that another page trashed or restored is gone or back here, too', () => {
    const { connection, runs, old } = setUp();
    connection.say('run:trashed', 'old');
    expect(ids(runs)).toEqual(['new']);
    connection.say('run', old);
    expect(ids(runs)).toEqual(['new', 'old']);
  });

  it('is no longer said to have no checkpoint once it has ended', () => {
    const { connection, runs } = setUp();
    connection.say('run', run('new', { status: 'running' }));
    runs.stageErrors.value = new Map([
      ['new', 'no checkpoint yet'],
      ['old', 'damaged'],
    ]);
    connection.say('run', run('new', { status: 'running', step: 4 }));
    expect(runs.stageErrors.value.size).toBe(2);
    connection.say('run', run('new', { status: 'done', step: 9 }));
    expect([...runs.stageErrors.value.keys()]).toEqual(['old']);
  });

  it('loses its name by an empty one', async () => {
    const { connection, runs } = setUp();
    await runs.rename.run('old', '  the good one ');
    await runs.rename.run('old', '  ');
    const asked = connection.asked.filter(({ name }) => name === 'run:rename');
    expect(asked.map(({ request }) => request)).toEqual([
      { id: 'old', title: 'the good one' },
      { id: 'old', title: null },
    ]);
  });
});

describe('a new run in place of one whose demonstrations have changed', () => {
  it('begins with its weights, for as many steps', () => {
    const request = renewal(run('flow-1', { step: 5 }));
    expect(request).toEqual({
      policy: 'flow',
      preset: 'quick',
      dataset: 'demos',
      steps: FRESH_RUN.training.steps,
      seed: FRESH_RUN.training.seed,
      from: { kind: 'run', id: 'flow-1' },
    });
    expect(trainRequestSchema.safeParse(request).success).toBe(true);
  });

  it('predicts what the one before did', () => {
    const objective = { kind: 'diffusion', steps: 100, prediction: 'data' } as const;
    const spec = { ...FRESH_RUN.spec, objective };
    expect(renewal(run('diffusion-1', { policy: 'diffusion', spec }))).toMatchObject({
      prediction: 'data',
    });
  });

  it('begins anew where there are no weights, or where it begins with its teacher', () => {
    expect(renewal(run('flow-1', { step: 0 }))).not.toHaveProperty('from');
    const teacher = { source: { kind: 'shipped', name: 'flow' }, hash: 'abc' } as const;
    const reflow = renewal(run('reflow-1', { policy: 'reflow', step: 5, teacher }));
    expect(reflow).not.toHaveProperty('from');
    expect(reflow.teacher).toEqual(teacher.source);
  });
});
