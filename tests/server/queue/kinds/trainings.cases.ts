/** Trainings that are put down, lost, and gone on with, on a disk that machines share and without one. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GridRun } from '../../../../server/grids/plan-grid.ts';
import { trainGrid } from '../../../../server/jobs/train-grid.ts';
import { ownQueue } from '../../../../server/queue/kinds/index.ts';
import { trainingJobOf } from '../../../../server/queue/kinds/trainings.ts';
import { trainQueued } from '../../../../server/queue/train-queued.ts';
import type { Workspace } from '../../../../server/storage/workspace.ts';
import { openWorkspace } from '../../../../server/storage/workspace.ts';
import { startCli } from '../../../support/cli.ts';
import { changed, smallGrid, tiny } from '../../../support/grids.ts';
import { addPair, workspaceWithPair } from '../../../support/pair.ts';
import { lendPrograms } from '../../../support/programs.ts';
import type { QueueBench } from '../../../support/queue-bench.ts';
import { startS3 } from '../../../support/s3.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

export function describeTrainings(bench: QueueBench): void {
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
      const { runs } = bench.workspace;
      const [grid] = (await smallGrid(bench.workspace, { steps: 800 })).map(tiny);
      const told: number[] = [];
      const done = trainQueued(bench.workspace, [grid], bench.queue, {
        onProgress: ({ steps }) => told.push(steps),
      });
      const stop = new AbortController();
      const first = bench.work({ kinds: ['trainings'], signal: stop.signal });
      await until(
        async () => (await runs.has(grid.id)) && (await runs.readMetrics(grid.id)).length > 5,
        'some steps of the first worker',
      );
      stop.abort();
      expect(await first).toMatchObject({ trainings: 0, failed: 0, lost: 0 });
      const stopped = await runs.read(grid.id);
      expect(stopped).toMatchObject({ status: 'stopped', step: expect.toSatisfy((n) => n > 5) });
      const args = ['worker', '--queue', bench.server.url(), '--data', bench.workspace.place.data];
      const doomed = startCli([...args, '--processes', '1']);
      await until(async () => (await runs.read(grid.id)).status === 'running', 'the second worker');
      doomed.kill('SIGKILL');
      await once(doomed, 'exit');
      const last = new AbortController();
      const working = bench.work({ signal: last.signal });
      expect(await done).toEqual([]);
      last.abort();
      expect(await working).toMatchObject({ trainings: 1, steps: 800 - stopped.step });
      expect(told.at(-1)).toBe(800);

      const bytes = await checkpointOf(bench.workspace, grid.id);
      expect(bytes.equals(await trainedAlone(grid))).toBe(true);
      // What is done is looked at, and not done again, with a queue or without.
      const begun: number[] = [];
      const onBegin = ({ runs: count }: { runs: number }) => begun.push(count);
      expect(await trainQueued(bench.workspace, [grid], bench.queue, { onBegin })).toEqual([]);
      expect(await trainGrid(bench.workspace, [grid], { onBegin })).toEqual([]);
      expect(begun).toEqual([0, 0]);
    });

    it('of which machines share a store alone goes on from there, after a kill, to the same bits', async () => {
      const s3 = await startS3('lab');
      const store = 's3://lab/trainings';
      // Whoever asks, and three workers, each with a disk of its own; none of these has the demonstrations.
      const client = openWorkspace({
        ...bench.workspace.place,
        store,
        data: await temporaryDirectory(),
      });
      await addPair(client);
      const places = await Promise.all(
        [1, 2, 3].map(async () => {
          const { place } = await temporaryWorkspace();
          await lendPrograms(place.data);
          return { ...place, store, broughtBytes: 0 };
        }),
      );
      const [grid] = (await smallGrid(client, { steps: 800 })).map(tiny);
      await bench.queue.declare(await ownQueue('trainings'));
      await bench.queue.forget(await ownQueue('trainings'), [trainingJobOf(grid).id]);
      const told: number[] = [];
      const done = trainQueued(client, [grid], bench.queue, {
        onProgress: ({ steps }) => told.push(steps),
      });
      const stop = new AbortController();
      const [one, two, three] = places.map((place) => openWorkspace(place).runs);
      const first = bench.work({ place: places[0], kinds: ['trainings'], signal: stop.signal });
      await until(
        async () => (await one.has(grid.id)) && (await one.readMetrics(grid.id)).length > 5,
        'some steps of the first worker',
      );
      stop.abort();
      expect(await first).toMatchObject({ trainings: 0, failed: 0, lost: 0 });
      const stopped = await one.read(grid.id);
      expect(stopped).toMatchObject({ status: 'stopped', step: expect.toSatisfy((n) => n > 5) });
      const args = [
        'worker',
        '--queue',
        bench.server.url(),
        '--data',
        places[1].data,
        '--store',
        store,
      ];
      const doomed = startCli([...args, '--processes', '1']);
      await until(
        async () => (await two.has(grid.id)) && (await two.read(grid.id)).status === 'running',
        'the second worker',
      );
      expect(await two.read(grid.id)).toMatchObject({ step: stopped.step });
      doomed.kill('SIGKILL');
      await once(doomed, 'exit');
      const last = new AbortController();
      const working = bench.work({ place: places[2], signal: last.signal });
      expect(await done).toEqual([]);
      last.abort();
      expect(await working).toMatchObject({ trainings: 1, steps: 800 - stopped.step });
      expect(await readdir(join(places[2].data, 'brought'))).toEqual([]);
      expect(told.at(-1)).toBe(800);
      expect(await client.runs.read(grid.id)).toMatchObject({ status: 'done', step: 800 });
      expect(await client.runs.readMetrics(grid.id)).toEqual(await three.readMetrics(grid.id));

      const bytes = await checkpointOf(client, grid.id);
      expect(bytes.equals(await trainedAlone(grid))).toBe(true);
      // Somebody else asks for the same, and gets it from the store.
      const other = openWorkspace({ ...client.place, data: await temporaryDirectory() });
      await addPair(other);
      expect(await trainQueued(other, [grid], bench.queue)).toEqual([]);
      expect(bytes.equals(await checkpointOf(other, grid.id))).toBe(true);
      await s3.close();
    });

    it('that no worker can do ends no other, and says why', async () => {
      const [sound, other] = (await smallGrid(bench.workspace, { seeds: [5, 6] })).map(tiny);
      const { dataset } = other.planned.run;
      const foreign = changed(other, { dataset: { ...dataset, hash: 'b'.repeat(64) } });
      const name = await ownQueue('trainings');
      const jobs = [trainingJobOf(sound), trainingJobOf(foreign)];
      await bench.queue.declare(name);
      // As if its content had been changed on its way.
      await bench.queue.add(name, [{ ...jobs[1], data: jobs[0].data }]);
      const said: string[] = [];
      const stop = new AbortController();
      const working = bench.work({
        signal: stop.signal,
        onTrouble: (message) => said.push(message),
      });
      const failures = await trainQueued(bench.workspace, [foreign, sound], bench.queue);
      stop.abort();
      await working;
      expect(failures).toEqual([
        { id: foreign.id, reason: expect.stringContaining(`expected the id ${jobs[0].id} of its`) },
      ]);
      expect(said[0]).toContain('is refused: job');
      expect(await bench.workspace.runs.read(sound.id)).toMatchObject({ status: 'done', step: 6 });
      expect(await bench.workspace.runs.has(foreign.id)).toBe(false);
    });

    it('that diverges is tried once', async () => {
      const { runs } = bench.workspace;
      const [grid] = (await smallGrid(bench.workspace, { seeds: [7] })).map(tiny);
      await trainGrid(bench.workspace, [grid], { processes: 1 });
      const trained = await runs.readCheckpoint(grid.id);
      if (!trained) throw new Error('expected a checkpoint');
      // The square of what it answers is beyond the largest float.
      trained.state.vectors.weights.fill(1e25);
      const state = { ...trained.state, step: 2 };
      const checkpointSha256 = await runs.writeCheckpoint(grid.id, { ...trained, state });
      await runs.update(grid.id, { status: 'stopped', step: 2, checkpointSha256 });
      const stop = new AbortController();
      const working = bench.work({ signal: stop.signal });
      const failures = await trainQueued(bench.workspace, [grid], bench.queue);
      stop.abort();
      expect(await working).toMatchObject({ trainings: 0, failed: 1 });
      expect(failures).toEqual([
        { id: grid.id, reason: expect.stringContaining('expected a finite loss and gradient') },
      ]);
    });

    it('is not queued where it begins with what lies on one machine', async () => {
      const [grid] = await smallGrid(bench.workspace);
      const source = { kind: 'lerobot', directory: 'lerobot:/here' } as const;
      const from = changed(grid, { from: { source, hash: 'c'.repeat(64) } });
      await expect(trainQueued(bench.workspace, [from], bench.queue)).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringMatching(
          /policies that ship and runs.*; run the training without --queue/,
        ),
      });
    });
  });
}
