/** Shards that wait for workers that are killed, refuse, or are not there. */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExperimentDirectory } from '../../../../server/experiments/directory.ts';
import { planExperiment } from '../../../../server/experiments/make-plan.ts';
import { mergeShards } from '../../../../server/experiments/merge.ts';
import { encodeMerged } from '../../../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../../../server/experiments/plan.ts';
import { shardsOf } from '../../../../server/experiments/shard.ts';
import { survey } from '../../../../server/experiments/survey.ts';
import { runExperiment } from '../../../../server/jobs/experiment.ts';
import { BATCH } from '../../../../server/jobs/rollouts.ts';
import { trainGrid } from '../../../../server/jobs/train-grid.ts';
import { jobIdOf } from '../../../../server/queue/jobs.ts';
import { shardJobOf } from '../../../../server/queue/kinds/shards.ts';
import { queueOf } from '../../../../server/queue/programs.ts';
import type { QueuedOptions } from '../../../../server/queue/run-queued.ts';
import { runQueued } from '../../../../server/queue/run-queued.ts';
import { outputOf, startCli, startManyCli } from '../../../support/cli.ts';
import { smallGrid, tiny } from '../../../support/grids.ts';
import type { QueueBench } from '../../../support/queue-bench.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

export function describeShards(bench: QueueBench): void {
  /** L2, six rollouts, each a shard. */
  let plan: ExperimentPlan;
  /** Run by one process, without a queue. */
  let whole: ExperimentDirectory;

  async function planned(of = plan): Promise<ExperimentDirectory> {
    const directory = new ExperimentDirectory(join(await temporaryDirectory(), 'experiment'));
    await directory.writePlan(of);
    return directory;
  }

  function run(directory: ExperimentDirectory, options: QueuedOptions = {}) {
    return runQueued(bench.workspace, directory, plan, bench.queue, options);
  }

  async function tableOf(directory: ExperimentDirectory): Promise<Uint8Array> {
    const state = survey(plan, await directory.readShards());
    return encodeMerged(plan, mergeShards(plan, state, 'run it'));
  }

  beforeAll(async () => {
    plan = await planExperiment(bench.workspace, {
      lanes: [{ policy: { kind: 'shipped', name: 'l2' } }],
      ...{ rollouts: 6, starts: 3, seed: 1, batch: BATCH, shardSize: 1 },
      ...{ actionHorizons: [20], guidances: [null], chunkings: [null] },
    });
    whole = await planned();
    await runExperiment(bench.workspace, whole, plan, { processes: 1 });
  });

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
      expect(await bench.queue.states(queueOf('shards', plan), ids)).toEqual(new Map());
    });

    it('with a worker killed at work and the server restarted merges to the same bytes', async () => {
      const directory = await planned();
      let told = 0;
      const done = run(directory, {
        onProgress: (ended) => {
          told = ended;
        },
      });
      const args = ['worker', '--queue', bench.server.url(), '--data', bench.workspace.place.data];
      const doomed = startCli([...args, '--processes', '1']);
      const output = outputOf(doomed);
      await until(() => told > 0, 'a shard of the worker that is killed');
      doomed.kill('SIGKILL');
      await once(doomed, 'exit');
      expect(output.stderr).toContain(':***@127.0.0.1');
      expect(output.stderr).not.toContain('not-to-be-printed');
      await bench.server.stop('kill');
      await bench.server.start();
      const stop = new AbortController();
      const working = bench.work({ signal: stop.signal });
      expect(await done).toEqual({ shards: 6, skipped: 0, rollouts: 6 });
      stop.abort();
      const { shards, failed } = await working;
      expect(shards).toBeLessThan(6);
      expect(failed).toBe(0);
      expect(told).toBe(6);
      expect(await tableOf(directory)).toEqual(await tableOf(whole));
      expect(bench.troubles.join('\n')).toMatch(
        /expected a PostgreSQL server.*trying again\n.*answers again/,
      );
    });

    it('takes what was done before, by whomever, without a worker, and says no password', async () => {
      const other = await planned();
      const { run: command } = startManyCli({ PGPASSWORD: new URL(bench.server.url()).password });
      // Of the address as it is: the password is in the environment.
      const address = bench.server.url().replace(/:[^:@]*@/, '@');
      const at = ['--data', bench.workspace.place.data, '--json'];
      const ran = await command('experiment', 'run', other.path, '--queue', address, ...at);
      expect(ran).toMatchObject({ code: 0 });
      expect(JSON.parse(ran.stdout)).toMatchObject({ shards: 6, skipped: 0, rollouts: 6 });
      const names = (directory: ExperimentDirectory) => readdir(join(directory.path, 'shards'));
      expect(await names(other)).toEqual(await names(whole));
      expect(await run(other)).toEqual({ shards: 0, skipped: 6, rollouts: 0 });

      const drained = await command('worker', '--queue', bench.server.url(), '--drain', ...at);
      expect(JSON.parse(drained.stdout)).toMatchObject({ shards: 0, failed: 0, besidesMs: null });
      expect(drained.stdout + drained.stderr).not.toContain('not-to-be-printed');
      expect(drained.code).toBe(0);
    });

    it('rolls a run out by a worker that has it from a store alone', async () => {
      const store = await temporaryDirectory();
      const client = { ...bench.workspace, place: { ...bench.workspace.place, store } };
      const [grid] = (await smallGrid(client, { seeds: [8] })).map(tiny);
      expect(await trainGrid(client, [grid], { processes: 1 })).toEqual([]);
      const ofRun = await planExperiment(client, {
        lanes: [{ policy: { kind: 'run', id: grid.id } }],
        ...{ rollouts: 1, starts: 1, seed: 1, batch: BATCH, shardSize: 1 },
        ...{ actionHorizons: [20], guidances: [null], chunkings: [null] },
      });
      const directory = await planned(ofRun);
      const stop = new AbortController();
      const { place } = await temporaryWorkspace();
      const working = bench.work({ place: { ...place, store }, signal: stop.signal });
      const ran = await runQueued(client, directory, ofRun, bench.queue);
      stop.abort();
      expect(ran).toMatchObject({ shards: 1 });
      expect(await working).toMatchObject({ shards: 1, failed: 0 });
    });

    it('fails where no worker can do a shard, with what they said', async () => {
      const [shard] = shardsOf(plan);
      const name = queueOf('shards', plan);
      await bench.queue.forget(name, [jobIdOf(shard.id)]);
      await bench.queue.add(name, [{ id: jobIdOf(shard.id), data: { format: 1, shard: 'none' } }]);
      const said: string[] = [];
      const stop = new AbortController();
      const working = bench.work({
        signal: stop.signal,
        onTrouble: (message) => said.push(message),
      });
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
    const refused = runQueued(
      bench.workspace,
      await planned(),
      { ...plan, contenders },
      bench.queue,
    );
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(
        /policies that ship and runs.*got .*policy\.onnx.*--shard i\/N/,
      ),
    });
  });

  it('a worker refuses the shards of other code and another Rapier, and says so of both', async () => {
    const others: ExperimentPlan[] = [
      { ...plan, code: { version: '9.9.9', digest: 'a'.repeat(64) } },
      { ...plan, physics: { ...plan.physics, version: '0.0.1' } },
    ];
    for (const each of others) {
      await bench.queue.declare(queueOf('shards', each));
      await bench.queue.add(queueOf('shards', each), shardsOf(each).map(shardJobOf));
    }
    await until(async () => {
      const waiting = await bench.queue.waiting();
      return others.every((each) =>
        waiting.some(({ name, jobs }) => name === queueOf('shards', each) && jobs > 0),
      );
    }, 'the shards to be counted');
    const said: string[] = [];
    expect(
      await bench.work({ drain: true, onTrouble: (message) => said.push(message) }),
    ).toMatchObject({
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
    for (const each of others) {
      const ids = shardsOf(each).map(({ id }) => jobIdOf(id));
      await bench.queue.forget(queueOf('shards', each), ids);
    }
  });
}
