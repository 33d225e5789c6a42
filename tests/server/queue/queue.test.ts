/** Shards that wait in a real database, for workers that are killed, refuse, or are not there. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresServer } from '../../../scripts/tools/postgres.ts';
import { openArtefacts } from '../../../server/artefacts/index.ts';
import { generateDemonstrations } from '../../../server/datasets/generate.ts';
import { SharedDatasets } from '../../../server/exchange/datasets.ts';
import { ExperimentDirectory } from '../../../server/experiments/directory.ts';
import { planExperiment } from '../../../server/experiments/make-plan.ts';
import { mergeShards } from '../../../server/experiments/merge.ts';
import { encodeMerged } from '../../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import { shardsOf } from '../../../server/experiments/shard.ts';
import { survey } from '../../../server/experiments/survey.ts';
import type { GridRun } from '../../../server/grids/plan-grid.ts';
import { runExperiment } from '../../../server/jobs/experiment.ts';
import { BATCH } from '../../../server/jobs/rollouts.ts';
import { trainGrid } from '../../../server/jobs/train-grid.ts';
import { generateRequestSchema } from '../../../server/protocol/datasets.ts';
import { parseQueueAddress } from '../../../server/queue/address.ts';
import { generateQueued } from '../../../server/queue/generate-queued.ts';
import { jobIdOf } from '../../../server/queue/jobs.ts';
import { ownQueue } from '../../../server/queue/kinds/index.ts';
import { shardJobOf } from '../../../server/queue/kinds/shards.ts';
import { trainingJobOf } from '../../../server/queue/kinds/trainings.ts';
import { queueOf, queuesOfWorker, workerName } from '../../../server/queue/programs.ts';
import { type QueuedOptions, runQueued } from '../../../server/queue/run-queued.ts';
import { trainQueued } from '../../../server/queue/train-queued.ts';
import { type TakenJob, WorkQueue } from '../../../server/queue/work-queue.ts';
import { serveJobs, type WorkerOptions } from '../../../server/queue/worker.ts';
import { openWorkspace, type Workspace } from '../../../server/storage/workspace.ts';
import { outputOf, startCli, startManyCli } from '../../support/cli.ts';
import { changed, smallGrid, tiny } from '../../support/grids.ts';
import { addPair, workspaceWithPair } from '../../support/pair.ts';
import { runSql, startPostgres } from '../../support/postgres.ts';
import { lendPrograms } from '../../support/programs.ts';
import { startS3 } from '../../support/s3.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

let server: PostgresServer;
let workspace: Workspace;
let queue: WorkQueue;
/** L2, six rollouts, each a shard. */
let plan: ExperimentPlan;
/** Run by one process, without a queue. */
let whole: ExperimentDirectory;
/** A job that somebody took long ago, and nobody renews its lease. */
let neglected: TakenJob | null;
/** What was said of the queue's own troubles. */
const troubles: string[] = [];

const JOB = { id: jobIdOf('0'.repeat(64)), data: {} };

function connect(url: string, patienceMs = 60_000): Promise<WorkQueue> {
  const onTrouble = (message: string) => troubles.push(message);
  return WorkQueue.open(parseQueueAddress(url), {
    ...{ name: 'test', role: 'client', patienceMs, onTrouble },
  });
}

async function planned(of = plan): Promise<ExperimentDirectory> {
  const directory = new ExperimentDirectory(join(await temporaryDirectory(), 'experiment'));
  await directory.writePlan(of);
  return directory;
}

function run(directory: ExperimentDirectory, options: QueuedOptions = {}) {
  return runQueued(workspace, directory, plan, queue, options);
}

/** A worker within this process, whose shards are run by one of its own. */
function work(options: Partial<WorkerOptions> = {}) {
  const { place } = workspace;
  const { signal } = new AbortController();
  const usual = { place, name: 'here', processes: 1, signal, onTrouble: () => {} };
  return serveJobs(queue, { ...usual, ...options });
}

async function tableOf(directory: ExperimentDirectory): Promise<Uint8Array> {
  const state = survey(plan, await directory.readShards());
  return encodeMerged(plan, mergeShards(plan, state, 'run it'));
}

beforeAll(async () => {
  [server, workspace] = await Promise.all([startPostgres(), workspaceWithPair()]);
  queue = await connect(server.url());
  await queue.declare('neglected');
  await queue.add('neglected', [JOB]);
  neglected = await queue.take('neglected');
  plan = await planExperiment(workspace, {
    lanes: [{ policy: { kind: 'shipped', name: 'l2' } }],
    ...{ rollouts: 6, starts: 3, seed: 1, batch: BATCH, shardSize: 1 },
    ...{ actionHorizons: [20], guidances: [null], chunkings: [null] },
  });
  whole = await planned();
  await runExperiment(workspace, whole, plan, { processes: 1 });
});

afterAll(() => queue.close());

describe('an experiment on a queue', () => {
  it('withdraws what nobody has begun where it is stopped, and says that nobody works', async () => {
    const stop = new AbortController();
    const notices: string[] = [];
    const stopped = run(await planned(), {
      signal: stop.signal,
      onProgress: (_, workers) => workers === 0 && stop.abort(),
      onNotice: (message) => notices.push(message),
    });
    await expect(stopped).rejects.toThrow('stopped by request');
    expect(notices).toEqual([
      expect.stringMatching(
        /expected workers that take shards of the code of version .*, got none yet; start some: /,
      ),
      '6 shards that nobody had begun are taken back',
    ]);
    expect(notices[0]).not.toContain('not-to-be-printed');
    const ids = shardsOf(plan).map(({ id }) => jobIdOf(id));
    expect(await queue.states(queueOf('shards', plan), ids)).toEqual(new Map());
  });

  it('with a worker killed at work and the server restarted merges to the same bytes', async () => {
    const directory = await planned();
    let told = 0;
    const done = run(directory, {
      onProgress: (ended) => {
        told = ended;
      },
    });
    const args = ['worker', '--queue', server.url(), '--data', workspace.place.data];
    const doomed = startCli([...args, '--processes', '1']);
    const output = outputOf(doomed);
    await until(() => told > 0, 'a shard of the worker that is killed');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    expect(output.stderr).toContain(':***@127.0.0.1');
    expect(output.stderr).not.toContain('not-to-be-printed');
    await server.stop('kill');
    await server.start();
    const stop = new AbortController();
    const working = work({ signal: stop.signal });
    expect(await done).toEqual({ shards: 6, skipped: 0, rollouts: 6 });
    stop.abort();
    const { shards, failed } = await working;
    expect(shards).toBeLessThan(6);
    expect(failed).toBe(0);
    expect(told).toBe(6);
    expect(await tableOf(directory)).toEqual(await tableOf(whole));
    expect(troubles.join('\n')).toMatch(
      /expected a PostgreSQL server.*trying again\n.*answers again/,
    );
  });

  it('takes what was done before, by whomever, without a worker, and says no password', async () => {
    const other = await planned();
    const { run: command } = startManyCli({ PGPASSWORD: new URL(server.url()).password });
    // Of the address as it is: the password is in the environment.
    const address = server.url().replace(/:[^:@]*@/, '@');
    const at = ['--data', workspace.place.data, '--json'];
    const ran = await command('experiment', 'run', other.path, '--queue', address, ...at);
    expect(ran).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ shards: 6, skipped: 0, rollouts: 6 });
    const names = (directory: ExperimentDirectory) => readdir(join(directory.path, 'shards'));
    expect(await names(other)).toEqual(await names(whole));
    expect(await run(other)).toEqual({ shards: 0, skipped: 6, rollouts: 0 });

    const drained = await command('worker', '--queue', server.url(), '--drain', ...at);
    expect(JSON.parse(drained.stdout)).toMatchObject({ shards: 0, failed: 0, besidesMs: null });
    expect(drained.stdout + drained.stderr).not.toContain('not-to-be-printed');
    expect(drained.code).toBe(0);
  });

  it('fails where no worker can do a shard, with what they said', async () => {
    const [shard] = shardsOf(plan);
    const name = queueOf('shards', plan);
    await queue.forget(name, [jobIdOf(shard.id)]);
    await queue.add(name, [{ id: jobIdOf(shard.id), data: { format: 1, shard: 'none' } }]);
    const said: string[] = [];
    const stop = new AbortController();
    const working = work({ signal: stop.signal, onTrouble: (message) => said.push(message) });
    const failed = run(await planned());
    await expect(failed).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/expected a worker to run it, got none.*expected a shard/),
    });
    stop.abort();
    expect(await working).toMatchObject({ shards: 0 });
    expect(said[0]).toContain('is refused: job');
  });
});

it('an experiment with a policy that lies on one machine is not queued', async () => {
  const contenders = plan.contenders.map((each) => {
    return { ...each, source: { kind: 'onnx', file: 'onnx:/here/policy.onnx' } as const };
  });
  const refused = runQueued(workspace, await planned(), { ...plan, contenders }, queue);
  await expect(refused).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/policies that ship and runs.*got .*policy\.onnx.*--shard i\/N/),
  });
});

describe('a training on a queue', () => {
  const checkpointOf = ({ runs }: Workspace, id: string) =>
    readFile(join(runs.root, id, 'checkpoint.safetensors'));

  let alone: Promise<Buffer> | undefined;
  /** Of a training that is asked for several times: what it ends in without a queue. */
  const trainedAlone = (grid: GridRun) => {
    alone ??= workspaceWithPair().then(async (elsewhere) => {
      expect(await trainGrid(elsewhere, [grid], { processes: 1 })).toEqual([]);
      return checkpointOf(elsewhere, grid.id);
    });
    return alone;
  };

  it('that is stopped, then killed, goes on elsewhere to the bits of one trained alone', async () => {
    const { runs } = workspace;
    const [grid] = (await smallGrid(workspace, { steps: 800 })).map(tiny);
    const told: number[] = [];
    const done = trainQueued(workspace, [grid], queue, {
      onProgress: ({ steps }) => told.push(steps),
    });
    const stop = new AbortController();
    const first = work({ kinds: ['trainings'], signal: stop.signal });
    await until(
      async () => (await runs.has(grid.id)) && (await runs.readMetrics(grid.id)).length > 5,
      'some steps of the first worker',
    );
    stop.abort();
    expect(await first).toMatchObject({ trainings: 0, failed: 0, lost: 0 });
    const stopped = await runs.read(grid.id);
    expect(stopped).toMatchObject({ status: 'stopped', step: expect.toSatisfy((n) => n > 5) });
    const args = ['worker', '--queue', server.url(), '--data', workspace.place.data];
    const doomed = startCli([...args, '--processes', '1']);
    await until(async () => (await runs.read(grid.id)).status === 'running', 'the second worker');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    const last = new AbortController();
    const working = work({ signal: last.signal });
    expect(await done).toEqual([]);
    last.abort();
    expect(await working).toMatchObject({ trainings: 1, steps: 800 - stopped.step });
    expect(told.at(-1)).toBe(800);

    const bytes = await checkpointOf(workspace, grid.id);
    expect(bytes.equals(await trainedAlone(grid))).toBe(true);
    // What is done is looked at, and not done again, with a queue or without.
    const begun: number[] = [];
    const onBegin = ({ runs: count }: { runs: number }) => begun.push(count);
    expect(await trainQueued(workspace, [grid], queue, { onBegin })).toEqual([]);
    expect(await trainGrid(workspace, [grid], { onBegin })).toEqual([]);
    expect(begun).toEqual([0, 0]);
  });

  it('of which machines share a store alone goes on from there, after a kill, to the same bits', async () => {
    const s3 = await startS3('lab');
    const store = 's3://lab/trainings';
    // Whoever asks, and three workers, each with a disk of its own; none of these has the demonstrations.
    const client = openWorkspace({ ...workspace.place, store, data: await temporaryDirectory() });
    await addPair(client);
    const places = await Promise.all(
      [1, 2, 3].map(async () => {
        const { place } = await temporaryWorkspace();
        await lendPrograms(place.data);
        return { ...place, store };
      }),
    );
    const [grid] = (await smallGrid(client, { steps: 800 })).map(tiny);
    await queue.declare(await ownQueue('trainings'));
    await queue.forget(await ownQueue('trainings'), [trainingJobOf(grid).id]);
    const told: number[] = [];
    const done = trainQueued(client, [grid], queue, {
      onProgress: ({ steps }) => told.push(steps),
    });
    const stop = new AbortController();
    const [one, two, three] = places.map((place) => openWorkspace(place).runs);
    const first = work({ place: places[0], kinds: ['trainings'], signal: stop.signal });
    await until(
      async () => (await one.has(grid.id)) && (await one.readMetrics(grid.id)).length > 5,
      'some steps of the first worker',
    );
    stop.abort();
    expect(await first).toMatchObject({ trainings: 0, failed: 0, lost: 0 });
    const stopped = await one.read(grid.id);
    expect(stopped).toMatchObject({ status: 'stopped', step: expect.toSatisfy((n) => n > 5) });
    const args = ['worker', '--queue', server.url(), '--data', places[1].data, '--store', store];
    const doomed = startCli([...args, '--processes', '1']);
    await until(
      async () => (await two.has(grid.id)) && (await two.read(grid.id)).status === 'running',
      'the second worker',
    );
    expect(await two.read(grid.id)).toMatchObject({ step: stopped.step });
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    const last = new AbortController();
    const working = work({ place: places[2], signal: last.signal });
    expect(await done).toEqual([]);
    last.abort();
    expect(await working).toMatchObject({ trainings: 1, steps: 800 - stopped.step });
    expect(told.at(-1)).toBe(800);
    expect(await client.runs.read(grid.id)).toMatchObject({ status: 'done', step: 800 });
    expect(await client.runs.readMetrics(grid.id)).toEqual(await three.readMetrics(grid.id));

    const bytes = await checkpointOf(client, grid.id);
    expect(bytes.equals(await trainedAlone(grid))).toBe(true);
    // Somebody else asks for the same, and gets it from the store.
    const other = openWorkspace({ ...client.place, data: await temporaryDirectory() });
    await addPair(other);
    expect(await trainQueued(other, [grid], queue)).toEqual([]);
    expect(bytes.equals(await checkpointOf(other, grid.id))).toBe(true);
    await s3.close();
  });

  it('that no worker can do ends no other, and says why', async () => {
    const [sound, other] = (await smallGrid(workspace, { seeds: [5, 6] })).map(tiny);
    const { dataset } = other.planned.run;
    const foreign = changed(other, { dataset: { ...dataset, hash: 'b'.repeat(64) } });
    const name = await ownQueue('trainings');
    const jobs = [trainingJobOf(sound), trainingJobOf(foreign)];
    await queue.declare(name);
    // As if its content had been changed on its way.
    await queue.add(name, [{ ...jobs[1], data: jobs[0].data }]);
    const said: string[] = [];
    const stop = new AbortController();
    const working = work({ signal: stop.signal, onTrouble: (message) => said.push(message) });
    const failures = await trainQueued(workspace, [foreign, sound], queue);
    stop.abort();
    await working;
    expect(failures).toEqual([
      { id: foreign.id, reason: expect.stringContaining(`expected the id ${jobs[0].id} of its`) },
    ]);
    expect(said[0]).toContain('is refused: job');
    expect(await workspace.runs.read(sound.id)).toMatchObject({ status: 'done', step: 6 });
    expect(await workspace.runs.has(foreign.id)).toBe(false);
  });

  it('that diverges is tried once', async () => {
    const { runs } = workspace;
    const [grid] = (await smallGrid(workspace, { seeds: [7] })).map(tiny);
    await trainGrid(workspace, [grid], { processes: 1 });
    const trained = await runs.readCheckpoint(grid.id);
    if (!trained) throw new Error('expected a checkpoint');
    // The square of what it answers is beyond the largest float.
    trained.state.vectors.weights.fill(1e25);
    const state = { ...trained.state, step: 2 };
    const checkpointSha256 = await runs.writeCheckpoint(grid.id, { ...trained, state });
    await runs.update(grid.id, { status: 'stopped', step: 2, checkpointSha256 });
    const stop = new AbortController();
    const working = work({ signal: stop.signal });
    const failures = await trainQueued(workspace, [grid], queue);
    stop.abort();
    expect(await working).toMatchObject({ trainings: 0, failed: 1 });
    expect(failures).toEqual([
      { id: grid.id, reason: expect.stringContaining('expected a finite loss and gradient') },
    ]);
  });

  it('is not queued where it begins with what lies on one machine', async () => {
    const [grid] = await smallGrid(workspace);
    const source = { kind: 'lerobot', directory: 'lerobot:/here' } as const;
    const from = changed(grid, { from: { source, hash: 'c'.repeat(64) } });
    await expect(trainQueued(workspace, [from], queue)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(
        /policies that ship and runs.*; run the training without --queue/,
      ),
    });
  });
});

describe('demonstrations on a queue', () => {
  const request = generateRequestSchema.parse({ episodes: 3, seed: 4, out: 'queued' });

  it('make the dataset of those made alone, and are not made twice', async () => {
    const stop = new AbortController();
    const working = work({ signal: stop.signal });
    const told: number[] = [];
    const store = await temporaryDirectory();
    const there = { ...workspace, place: { ...workspace.place, store } };
    const made = await generateQueued(there, request, queue, {
      partSize: 2,
      onProgress: (done) => told.push(done),
    });
    stop.abort();
    expect(await working).toMatchObject({ demonstrations: 2, episodes: 3, failed: 0 });
    expect(told.at(-1)).toBe(3);
    const alone = { ...request, out: 'alone' };
    const { hash } = await generateDemonstrations(workspace, rapier, alone);
    expect(made).toMatchObject({ name: 'queued', episodes: 3, hash });
    const { datasets } = await temporaryWorkspace();
    await new SharedDatasets(openArtefacts(store)).bringNamed(datasets, 'queued');
    expect((await datasets.open('queued')).hash).toBe(hash);
    const again = { ...request, out: 'again' };
    expect(await generateQueued(workspace, again, queue, { partSize: 2 })).toMatchObject({ hash });
  });

  it('are refused under a name that is taken, and leave nothing where no expert can', async () => {
    const taken = generateQueued(workspace, { ...request, out: 'pair' }, queue);
    await expect(taken).rejects.toMatchObject({ code: 'exists' });
    const stop = new AbortController();
    const working = work({ signal: stop.signal });
    const over = { ...request, mode: 'over', out: 'none' };
    await expect(generateQueued(workspace, over, queue)).rejects.toThrow(
      /episodes 0 to 2: mode: expected one of left, right, got "over"/,
    );
    stop.abort();
    await working;
    expect((await workspace.datasets.hashes()).has('none')).toBe(false);
  });
});

describe('a worker', () => {
  it('refuses the shards of other code and another Rapier, and says so of both', async () => {
    const others: ExperimentPlan[] = [
      { ...plan, code: { version: '9.9.9', digest: 'a'.repeat(64) } },
      { ...plan, physics: { ...plan.physics, version: '0.0.1' } },
    ];
    for (const each of others) {
      await queue.declare(queueOf('shards', each));
      await queue.add(queueOf('shards', each), shardsOf(each).map(shardJobOf));
    }
    await until(async () => {
      const waiting = await queue.waiting();
      return others.every((each) =>
        waiting.some(({ name, jobs }) => name === queueOf('shards', each) && jobs > 0),
      );
    }, 'the shards to be counted');
    const said: string[] = [];
    expect(await work({ drain: true, onTrouble: (message) => said.push(message) })).toMatchObject({
      shards: 0,
      failed: 0,
    });
    const { version, digest } = plan.code;
    const own = `got the code of version ${version} (${digest.slice(0, 12)})`;
    expect(said).toHaveLength(2);
    expect(said.join('\n')).toContain(
      '6 shards are refused: expected the code of version 9.9.9 (aaaaaaaaaaaa)',
    );
    expect(said.join('\n')).toContain('rapier3d-compat 0.0.1, as they were planned with');
    for (const each of said) expect(each).toContain(own);
  });

  it('that lost its lease is not heard, and its job is another’s', async () => {
    if (!neglected) throw new Error('expected to have taken a job');
    const again = await until(
      async () => (await queue.take('neglected')) ?? false,
      'the lease to run out',
    );
    expect(again).toMatchObject({ id: JOB.id, retryCount: 1 });
    expect(await queue.complete('neglected', neglected, { by: 'the first' })).toBe(false);
    expect(await queue.complete('neglected', again, { by: 'the second' })).toBe(true);
    expect(await queue.outputOf('neglected', JOB.id)).toEqual({ by: 'the second' });
  });
});

describe('a queue', () => {
  it.each<[string, () => string, string]>([
    ['nobody listens', () => 'postgres://me:hidden@127.0.0.1:1/db', 'such as "docker run'],
    ['the password is wrong', () => server.url({ password: 'hidden' }), 'its user and password'],
    ['no database has the name', () => server.url({ database: 'nowhere' }), 'a database of that'],
  ])('is refused where %s, without the password', async (_, url, message) => {
    const refused = connect(url());
    await expect(refused).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(message),
    });
    await expect(refused).rejects.not.toThrow('hidden');
  });

  it('that has no connection left says so, once patience ends', async () => {
    await runSql(server, `CREATE ROLE crowded LOGIN PASSWORD 'hidden' CONNECTION LIMIT 0`);
    // It may pass: who begins waits a moment for it.
    const crowded = server.url({ user: 'crowded', password: 'hidden' });
    await expect(connect(crowded, 300)).rejects.toThrow(
      'expected a free connection, got too many connections for role "crowded"; raise',
    );
  });

  it('that is full keeps what it has, and goes on once there is room', async () => {
    troubles.length = 0;
    await runSql(
      server,
      `
      CREATE FUNCTION forking_paths.no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON forking_paths.job_common
        EXECUTE FUNCTION forking_paths.no_room()`,
    );
    const other = { id: jobIdOf('1'.repeat(64)), data: {} };
    const adding = queue.add('neglected', [other]);
    await until(() => troubles.length > 0, 'word of the full disk');
    expect(troubles[0]).toContain(
      'expected room on its disk, got could not extend file; make room',
    );
    await runSql(server, 'DROP FUNCTION forking_paths.no_room CASCADE');
    await adding;
    expect(await queue.states('neglected', [JOB.id, other.id])).toEqual(
      new Map([
        [JOB.id, 'completed'],
        [other.id, 'created'],
      ]),
    );
  });

  it('names its workers by their program', async () => {
    expect((await queue.connected()).map(({ name }) => name)).toContain('test');
    const queues = ['shards', 'trainings'].map((kind) => queueOf(kind, plan));
    expect(queues[0]).toContain(plan.code.version);
    expect(queuesOfWorker(workerName(queues))).toEqual(queues);
  });
});
