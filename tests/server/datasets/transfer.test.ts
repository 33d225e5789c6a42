import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveEntry, readZip, writeZip } from '../../../demos/archive/zip.ts';
import type { Demonstration } from '../../../demos/demonstration.ts';
import type { DatasetStore } from '../../../demos/store/index.ts';
import { importDataset, packDataset } from '../../../server/datasets/transfer.ts';
import type { ImportProgress } from '../../../server/protocol/datasets.ts';
import { StoppedError } from '../../../server/protocol/errors.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../support/temporary.ts';

let episodes: readonly Demonstration[];
beforeAll(() => {
  episodes = [demonstrateMode('left', 1), demonstrateMode('right', 1)];
});

/** A dataset, its archive, and a store that knows nothing of it. */
async function packed() {
  const { datasets } = await temporaryWorkspace();
  const dataset = await datasets.create('mine', { task: 'left-right', controlHz: 20 });
  await dataset.append(episodes);
  const archive = join(await temporaryDirectory(), 'mine.zip');
  await packDataset(datasets, 'mine', archive);
  const elsewhere = (await temporaryWorkspace()).datasets;
  return { dataset, archive, elsewhere };
}

/** Packs what `change` makes of the files of an archive. */
async function repacked(
  archive: string,
  change: (entry: ArchiveEntry) => ArchiveEntry | null,
  more: readonly ArchiveEntry[] = [],
): Promise<string> {
  const path = join(await temporaryDirectory(), 'again.zip');
  async function* entries() {
    for await (const entry of readZip(archive, { entries: 99, entryBytes: 1e7, bytes: 1e8 })) {
      const changed = change(entry);
      if (changed) yield changed;
    }
    yield* more;
  }
  await writeZip(path, entries());
  return path;
}

const bring = async (datasets: DatasetStore, path: string, name: string) =>
  (await importDataset(datasets, { path, name })).dataset;

const text = (path: string): ArchiveEntry => ({ path, content: Buffer.from('not ours') });

describe('a dataset that was packed', () => {
  it('is the same elsewhere, under another name', async () => {
    const { dataset, archive, elsewhere } = await packed();
    const summary = await bring(elsewhere, archive, 'yours');
    expect(summary).toMatchObject({ name: 'yours', hash: dataset.hash, episodes: 2 });
    const [first] = await (await elsewhere.open('yours')).readAll();
    expect(first.command).toEqual(episodes[0].command);
    expect(await readdir(join(elsewhere.root, '.staging'))).toEqual([]);
  });

  it('is found at the top of an archive, too, among what others packed with it', async () => {
    const { dataset, archive, elsewhere } = await packed();
    const bare = await repacked(
      archive,
      (entry) => ({ ...entry, path: entry.path.replace('mine/', '') }),
      [text('README.txt'), text('__MACOSX/._x'), text('data/notes.txt'), text('.locks/a')],
    );
    const { hash, name } = await bring(elsewhere, bare, 'yours');
    expect(hash).toBe(dataset.hash);
    const files = await readdir(join(elsewhere.root, name), { recursive: true });
    expect(files.filter((file) => /README|notes|\._x/.test(file))).toEqual([]);
  });

  it('does not come in where a file of it is missing, changed, or there are two datasets', async () => {
    const { archive, elsewhere } = await packed();
    const isData = ({ path }: ArchiveEntry) => path.endsWith('file-001.parquet');
    const archives = [
      await repacked(archive, (entry) => (isData(entry) ? null : entry)),
      await repacked(archive, (entry) =>
        isData(entry) ? { ...entry, content: entry.content.map((byte) => byte ^ 1) } : entry,
      ),
      await repacked(archive, (entry) => (entry.path.endsWith('info.json') ? null : entry)),
      await repacked(archive, (entry) => entry, [text('other/meta/info.json')]),
    ];
    for (const path of archives) {
      await expect(bring(elsewhere, path, 'yours')).rejects.toMatchObject({
        code: 'damaged',
      });
    }
    expect(await elsewhere.list()).toEqual([]);
    expect(await readdir(join(elsewhere.root, '.staging'))).toEqual([]);
  });

  it('tells of each episode', async () => {
    const { archive, elsewhere } = await packed();
    const told: ImportProgress[] = [];
    const request = { path: archive, name: 'yours' };
    await importDataset(elsewhere, request, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([1, 2].map((done) => ({ done, total: 2 })));
  });

  it.each([0, 1, 2])('ends where it is told to after %d episodes, and nothing stays', async (n) => {
    const { archive, elsewhere } = await packed();
    const stopping = new AbortController();
    if (n === 0) stopping.abort();
    const onProgress = ({ done }: ImportProgress) => done === n && stopping.abort();
    const request = { path: archive, name: 'yours' };
    const asked = importDataset(elsewhere, request, { onProgress, signal: stopping.signal });
    await expect(asked).rejects.toBeInstanceOf(StoppedError);
    expect(await elsewhere.list()).toEqual([]);
    expect(await readdir(join(elsewhere.root, '.staging'))).toEqual([]);
  });

  it('takes no name that is taken, nor one that leads elsewhere', async () => {
    const { archive, elsewhere } = await packed();
    await bring(elsewhere, archive, 'yours');
    const again = (name: string) => bring(elsewhere, archive, name);
    await expect(again('yours')).rejects.toMatchObject({ code: 'exists' });
    await expect(again('../yours')).rejects.toMatchObject({ code: 'invalid-name' });
  });
});

describe('a directory', () => {
  it('comes in as it is committed, is not written to, and brings nothing else', async () => {
    const { dataset, elsewhere } = await packed();
    const directory = join(await temporaryDirectory(), 'copy');
    await cp(dataset.directory, directory, { recursive: true });
    // What a killed writer would have left.
    await writeFile(join(directory, 'data', 'chunk-000', 'file-002.parquet'), 'half');
    await mkdir(join(directory, '.staging'), { recursive: true });
    const before = await readdir(directory, { recursive: true });
    const { hash } = await bring(elsewhere, directory, 'yours');
    expect(hash).toBe(dataset.hash);
    expect(await readdir(directory, { recursive: true })).toEqual(before);
    expect(await readFile(join(directory, 'data', 'chunk-000', 'file-002.parquet'), 'utf8')).toBe(
      'half',
    );
  });

  it('of no dataset, or of a damaged one, is refused', async () => {
    const { elsewhere } = await packed();
    const directory = await temporaryDirectory();
    const ask = () => bring(elsewhere, directory, 'yours');
    await expect(ask()).rejects.toMatchObject({ name: 'DatasetError' });
    await mkdir(join(directory, 'meta'));
    await writeFile(join(directory, 'meta', 'info.json'), '{"codebase_version":"v3.0"}');
    await expect(ask()).rejects.toMatchObject({ code: 'damaged' });
  });
});
