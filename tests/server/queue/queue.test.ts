/** Jobs in a real database, which all kinds of jobs share: a file each below `kinds` says what becomes of them. */
import { describe, expect, it } from 'vitest';
import { identifyProgram } from '../../../server/experiments/code.ts';
import { jobIdOf } from '../../../server/queue/jobs.ts';
import { queueOf, queuesOfWorker, workerName } from '../../../server/queue/programs.ts';
import { runSql } from '../../support/postgres.ts';
import { NEGLECTED, queueBench } from '../../support/queue-bench.ts';
import { until } from '../../support/until.ts';
import { describeDemonstrations } from './kinds/demonstrations.cases.ts';
import { describeShards } from './kinds/shards.cases.ts';
import { describeTrainings } from './kinds/trainings.cases.ts';

const bench = queueBench();

describeShards(bench);
describeTrainings(bench);
describeDemonstrations(bench);

it('a worker that lost its lease is not heard, and its job is another’s', async () => {
  if (!bench.neglected) throw new Error('expected to have taken a job');
  const again = await until(
    async () => (await bench.queue.take('neglected')) ?? false,
    'the lease to run out',
  );
  expect(again).toMatchObject({ id: NEGLECTED.id, retryCount: 1 });
  expect(await bench.queue.complete('neglected', bench.neglected, { by: 'the first' })).toBe(false);
  expect(await bench.queue.complete('neglected', again, { by: 'the second' })).toBe(true);
  expect(await bench.queue.outputOf('neglected', NEGLECTED.id)).toEqual({ by: 'the second' });
});

describe('a queue', () => {
  it.each<[string, () => string, string]>([
    ['nobody listens', () => 'postgres://me:hidden@127.0.0.1:1/db', 'such as "docker run'],
    [
      'the password is wrong',
      () => bench.server.url({ password: 'hidden' }),
      'its user and password',
    ],
    [
      'no database has the name',
      () => bench.server.url({ database: 'nowhere' }),
      'a database of that',
    ],
  ])('is refused where %s, without the password', async (_, url, message) => {
    const refused = bench.connect(url());
    await expect(refused).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(message),
    });
    await expect(refused).rejects.not.toThrow('hidden');
  });

  it('that has no connection left says so, once patience ends', async () => {
    await runSql(bench.server, `CREATE ROLE crowded LOGIN PASSWORD 'hidden' CONNECTION LIMIT 0`);
    // It may pass: who begins waits a moment for it.
    const crowded = bench.server.url({ user: 'crowded', password: 'hidden' });
    await expect(bench.connect(crowded, 300)).rejects.toThrow(
      'expected a free connection, got too many connections for role "crowded"; raise',
    );
  });

  it('that is full keeps what it has, and goes on once there is room', async () => {
    bench.troubles.length = 0;
    await runSql(
      bench.server,
      `
      CREATE FUNCTION forking_paths.no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON forking_paths.job_common
        EXECUTE FUNCTION forking_paths.no_room()`,
    );
    const other = { id: jobIdOf('1'.repeat(64)), data: {} };
    const adding = bench.queue.add('neglected', [other]);
    await until(() => bench.troubles.length > 0, 'word of the full disk');
    expect(bench.troubles[0]).toContain(
      'expected room on its disk, got could not extend file; make room',
    );
    await runSql(bench.server, 'DROP FUNCTION forking_paths.no_room CASCADE');
    await adding;
    expect(await bench.queue.states('neglected', [NEGLECTED.id, other.id])).toEqual(
      new Map([
        [NEGLECTED.id, 'completed'],
        [other.id, 'created'],
      ]),
    );
  });

  it('names its workers by their program', async () => {
    expect((await bench.queue.connected()).map(({ name }) => name)).toContain('test');
    const program = await identifyProgram('rollouts');
    const queues = ['shards', 'trainings'].map((kind) => queueOf(kind, program));
    expect(queues[0]).toContain(program.code.version);
    expect(queuesOfWorker(workerName(queues))).toEqual(queues);
  });
});
