import { expect, it } from 'vitest';
import {
  type Comparing,
  createComparing,
  type KeptComparison,
} from '../../../client/state/comparing.ts';
import { createJobs } from '../../../client/state/jobs.ts';
import { createSettings } from '../../../client/state/settings.ts';
import type { Comparison, Job } from '../../../server/protocol/index.ts';
import { type FakeConnection, fakeConnection } from './support.ts';

const job = (id: string): Job => ({
  id,
  kind: 'compare',
  title: id,
  status: 'running',
  progress: 0,
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
  seconds: 1,
});

function open(kept: KeptComparison = { job: null, result: null }): {
  connection: FakeConnection;
  comparing: Comparing;
  written: KeptComparison[];
} {
  const connection = fakeConnection(() => job('mine'));
  const written: KeptComparison[] = [];
  const memory = { read: () => kept, write: (now: KeptComparison) => written.push(now) };
  const comparing = createComparing(connection, createJobs(connection), createSettings(), memory);
  return { connection, comparing, written };
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
