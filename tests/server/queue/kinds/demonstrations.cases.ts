import { describe, expect, it } from 'vitest';
import { openArtefacts } from '../../../../server/artefacts/index.ts';
import { generateDemonstrations } from '../../../../server/datasets/generate.ts';
import { SharedDatasets } from '../../../../server/exchange/datasets.ts';
import { generateRequestSchema } from '../../../../server/protocol/datasets.ts';
import { generateQueued } from '../../../../server/queue/generate-queued.ts';
import type { QueueBench } from '../../../support/queue-bench.ts';
import { rapier } from '../../../support/simulation.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../../support/temporary.ts';

export function describeDemonstrations(bench: QueueBench): void {
  describe('demonstrations on a queue', () => {
    const request = generateRequestSchema.parse({ episodes: 3, seed: 4, out: 'queued' });

    it('make the dataset of those made alone, and are not made twice', async () => {
      const stop = new AbortController();
      const working = bench.work({ signal: stop.signal });
      const told: number[] = [];
      const store = await temporaryDirectory();
      const there = { ...bench.workspace, place: { ...bench.workspace.place, store } };
      const made = await generateQueued(there, request, bench.queue, {
        partSize: 2,
        onProgress: (done) => told.push(done),
      });
      stop.abort();
      expect(await working).toMatchObject({ demonstrations: 2, episodes: 3, failed: 0 });
      expect(told.at(-1)).toBe(3);
      const alone = { ...request, out: 'alone' };
      const { hash } = await generateDemonstrations(bench.workspace, rapier, alone);
      expect(made).toMatchObject({ name: 'queued', episodes: 3, hash });
      const { datasets } = await temporaryWorkspace();
      await new SharedDatasets(openArtefacts(store)).bringNamed(datasets, 'queued');
      expect((await datasets.open('queued')).hash).toBe(hash);
      const again = { ...request, out: 'again' };
      expect(
        await generateQueued(bench.workspace, again, bench.queue, { partSize: 2 }),
      ).toMatchObject({ hash });
    });

    it('are refused under a name that is taken, and leave nothing where no expert can', async () => {
      const taken = generateQueued(bench.workspace, { ...request, out: 'pair' }, bench.queue);
      await expect(taken).rejects.toMatchObject({ code: 'exists' });
      const stop = new AbortController();
      const working = bench.work({ signal: stop.signal });
      const over = { ...request, mode: 'over', out: 'none' };
      await expect(generateQueued(bench.workspace, over, bench.queue)).rejects.toThrow(
        /episodes 0 to 2: mode: expected one of left, right, got "over"/,
      );
      stop.abort();
      await working;
      expect((await bench.workspace.datasets.hashes()).has('none')).toBe(false);
    });
  });
}
