import { expect, it } from 'vitest';
import {
  type Comparing,
  createComparing,
  type KeptComparison,
} from '../../../client/state/comparing.ts';
import { createJobs } from '../../../client/state/jobs.ts';
import { createSettings, type Settings } from '../../../client/state/settings.ts';
import { type Comparison, compareRequestSchema, type Job } from '../../../server/protocol/index.ts';
import { type FakeConnection, fakeConnection } from './support.ts';

const job = (id: string): Job => ({
  id,
  kind: 'compare',
  title: id,
  status: 'running',
  progress: 0,
  preparation: null,
  secondsLeft: null,
  error: null,
});

const comparison = (seed: number): Comparison => ({
  task: 'left-right',
  seed,
  rollouts: 1,
  starts: 1,
  engine: 'test',
  batch: 1,
  policies: [],
  paired: [],
  leastP: 1,
  seconds: 1,
});

function open(kept: KeptComparison = { job: null, result: null }): {
  connection: FakeConnection;
  comparing: Comparing;
  settings: Settings;
  written: KeptComparison[];
} {
  const connection = fakeConnection(() => job('mine'));
  const written: KeptComparison[] = [];
  const memory = { read: () => kept, write: (now: KeptComparison) => written.push(now) };
  const settings = createSettings();
  const comparing = createComparing(connection, createJobs(connection), settings, memory);
  return { connection, comparing, settings, written };
}

it('a result that another page asked for leaves this one with its own', async () => {
  const { connection, comparing } = open();
  await comparing.start.run();
  connection.say('job', job('theirs'));
  connection.say('comparison', 'mine', comparison(1));
  connection.say('comparison', 'theirs', comparison(2));
  expect(comparing.result.value?.seed).toBe(1);
  expect(comparing.job.value).toBeNull();
  connection.say('job', job('mine'));
  expect(comparing.job.value?.id).toBe('mine');
});

it('a page that was loaded again meanwhile still knows what it asked for', async () => {
  const first = open();
  await first.comparing.start.run();
  const kept = first.written.at(-1) ?? null;
  expect(kept).toEqual({ job: 'mine', result: null });
  const { connection, comparing } = open(kept ?? undefined);
  connection.say('comparison', 'theirs', comparison(2));
  expect(comparing.result.value).toBeNull();
  connection.say('comparison', 'mine', comparison(1));
  expect(comparing.result.value?.seed).toBe(1);
});

it('a page that was away when its result came finds it with what the server has kept', async () => {
  const { comparing } = open({ job: 'mine', result: null });
  comparing.recall([
    { id: 'theirs', comparison: comparison(2) },
    { id: 'mine', comparison: comparison(1) },
  ]);
  expect(comparing.result.value?.seed).toBe(1);
});

it('what is said on the stage is said in the comparison, and each view keeps its guidance', async () => {
  const { connection, comparing, settings } = open();
  const policy = { kind: 'run' as const, id: 'reader' };
  settings.task.value = 'left-right-colour';
  settings.lanes['1'].value = { policy, guidance: 0 };
  settings.lanes['2'].value = { policy };
  settings.lanes['3'].value = null;
  settings.instruction.value = 'hand me the red apple';
  await comparing.start.run();
  const request = compareRequestSchema.parse(connection.asked.at(-1)?.request);
  expect(request).toMatchObject({
    policies: [{ policy, guidance: 0 }, { policy }],
    instruction: 'hand me the red apple',
  });
  expect(request.policies).toHaveLength(2);
});
