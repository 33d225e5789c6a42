/** Runs that machines hand one another, in a directory and in an object store that is not always well. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Artefacts, openArtefacts } from '../../../server/artefacts/index.ts';
import { S3Artefacts } from '../../../server/artefacts/s3.ts';
import { parseS3Address } from '../../../server/artefacts/s3-address.ts';
import { SharedRuns } from '../../../server/exchange/runs.ts';
import { RunStore } from '../../../server/storage/run-store.ts';
import { append, reach, storeWithCheckpoint } from '../../support/run-store.ts';
import { type Fault, type S3Store, startS3 } from '../../support/s3.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

let store: S3Store;

beforeAll(async () => {
  store = await startS3('bucket');
});
afterAll(() => store.close());

let places = 0;
const somewhere = () => `s3://bucket/place-${places++}`;

async function elsewhere(): Promise<RunStore> {
  return new RunStore(join(await temporaryDirectory(), 'runs'));
}

const fileOf = (runs: RunStore, id: string) =>
  readFile(join(runs.root, id, 'checkpoint.safetensors'));

/** A run with two metrics, handed over at step 4. */
async function handedOver(files: Artefacts) {
  const { runs, run } = await storeWithCheckpoint(4);
  const metricsChain = await append(runs, run, 2, 4);
  await runs.update(run.id, { status: 'running', pid: 7, metricsChain });
  const shared = new SharedRuns(files);
  expect(await shared.publish(runs, run.id)).toMatchObject({ step: 4 });
  return { runs, id: run.id, shared };
}

describe.each<[string, () => Promise<Artefacts>]>([
  ['a directory', async () => openArtefacts(await temporaryDirectory())],
  ['an object store', async () => openArtefacts(somewhere())],
])('a run in %s', (_, open) => {
  it('comes back whole, at rest, and with its later checkpoints', async () => {
    const { runs, id, shared } = await handedOver(await open());
    const there = await elsewhere();
    await shared.bring(there, id);
    const { status, pid, ...rest } = await there.read(id);
    expect([status, pid]).toEqual(['interrupted', null]);
    expect(await runs.read(id)).toMatchObject(rest);
    expect(await there.readMetrics(id)).toEqual(await runs.readMetrics(id));
    expect(await fileOf(there, id)).toEqual(await fileOf(runs, id));
    await reach(runs, id, 6);
    await shared.publish(runs, id);
    expect(await shared.stepOf(id)).toBe(6);
    await shared.bring(there, id);
    expect((await there.readCheckpoint(id))?.state.step).toBe(6);
  });

  it('changes nothing where it is as far, and takes the place of one that is not done', async () => {
    const { runs, id, shared } = await handedOver(await open());
    const there = await elsewhere();
    await shared.bring(there, id);
    await reach(there, id, 6);
    await shared.bring(there, id);
    expect((await there.readCheckpoint(id))?.state.step).toBe(6);
    await reach(runs, id, 6);
    await runs.update(id, { status: 'done' });
    await shared.publish(runs, id);
    await shared.bring(there, id);
    expect(await there.read(id)).toMatchObject({ status: 'done', step: 6 });
  });

  it('is nothing before its first checkpoint, and none of its last two is missing after many', async () => {
    const files = await open();
    const { runs, id, shared } = await handedOver(files);
    expect(await shared.stepOf('another')).toBe(0);
    await shared.bring(await elsewhere(), 'another');
    // As a kill between the two files leaves it.
    await files.write(`runs/${id}/000000003.${'a'.repeat(64)}.safetensors`, 'half');
    expect(await shared.stepOf(id)).toBe(4);
    for (const step of [6, 8, 10]) {
      await reach(runs, id, step);
      await shared.publish(runs, id);
    }
    const steps = (await files.list(`runs/${id}/`)).map((name) => Number(name.split(/[/.]/)[2]));
    expect(steps).toEqual([8, 8, 10, 10]);
  });

  it.each(['json', 'safetensors'])(
    'whose last .%s is spoilt is the one before it',
    async (ending) => {
      const files = await open();
      const { runs, id, shared } = await handedOver(files);
      await reach(runs, id, 6);
      await shared.publish(runs, id);
      const last = (await files.list(`runs/${id}/000000006`)).find((name) => name.endsWith(ending));
      const bytes = Buffer.from(await files.read(String(last), 2 ** 20));
      bytes[bytes.length - 100] ^= 1;
      await files.write(String(last), bytes);
      const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
      const there = await elsewhere();
      await shared.bring(there, id);
      expect((await there.readCheckpoint(id))?.state.step).toBe(4);
      expect(warned).toHaveBeenCalledWith(expect.stringContaining('checkpoint before it is taken'));
      warned.mockRestore();
      // Whoever makes that step again mends it.
      await shared.publish(runs, id);
      await shared.bring(there, id);
      expect((await there.readCheckpoint(id))?.state.step).toBe(6);
    },
  );

  it('of which one step has two checkpoints is refused, with both names', async () => {
    const files = await open();
    const { id, shared } = await handedOver(files);
    await files.write(`runs/${id}/000000004.${'b'.repeat(64)}.json`, '{}');
    await expect(shared.bring(await elsewhere(), id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /same checkpoint of step 4, got .*\.[0-9a-f]{64} and .*\.b{64};/,
      ),
    });
  });

  it('is refused, and not written, where it is another than is wanted', async () => {
    const { id, shared } = await handedOver(await open());
    const there = await elsewhere();
    const check = () => {
      throw new Error('not that one');
    };
    await expect(shared.bring(there, id, { check })).rejects.toThrow('not that one');
    expect(await there.has(id)).toBe(false);
  });
});

it.each<[string, Fault]>([
  ['an internal error', { status: 500, code: 'InternalError' }],
  ['a broken line', 'cut off'],
  ['silence', 'silence'],
])('a run comes and goes whole through %s at every other request', async (_, fault) => {
  const address = parseS3Address(somewhere());
  const files = new S3Artefacts(address, { answerMs: 200, onTrouble: () => {} });
  const every = Array.from({ length: 12 }, (_, i): Fault | null => (i % 2 === 0 ? fault : null));
  store.faults.push(...every);
  const { runs, id, shared } = await handedOver(files);
  const there = await elsewhere();
  await shared.bring(there, id);
  store.faults.length = 0;
  expect(await fileOf(there, id)).toEqual(await fileOf(runs, id));
  expect(await there.readMetrics(id)).toEqual(await runs.readMetrics(id));
});
