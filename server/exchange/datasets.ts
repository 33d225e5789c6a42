/** Demonstrations that machines without a common disk hand one another. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isMissing } from '../../demos/files/index.ts';
import { DatasetError, type DatasetStore } from '../../demos/store/index.ts';
import type { Artefacts } from '../artefacts/index.ts';
import { importDataset, packDataset } from '../datasets/transfer.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Run } from '../protocol/runs.ts';

type Named = Pick<Run['dataset'], 'name' | 'hash'>;

const HASH = /^[0-9a-f]{64}$/;
const ARCHIVE = /\/([0-9a-f]{64})\.zip$/;

/** Datasets as archives, each named by its hash: `datasets/NAME/HASH.zip`. */
export class SharedDatasets {
  readonly #files: Artefacts;

  constructor(files: Artefacts) {
    this.#files = files;
  }

  /**
   * Hands a dataset over, unless it is there.
   *
   * @throws DatasetError; ProtocolError 'conflict' for one that is too large, or changes meanwhile; as the
   *         artefacts
   */
  async publish(datasets: DatasetStore, name: string): Promise<void> {
    const { hash } = await datasets.open(name);
    const file = fileOf({ name, hash });
    if ((await this.#files.list(file)).includes(file)) return;
    const packed = await datasets.temporaryFile('shared');
    try {
      await packDataset(datasets, name, packed);
      const { size } = await stat(packed);
      if (size > LIMITS.importBytes) {
        throw new ProtocolError(
          'conflict',
          `dataset ${name}: expected at most ${LIMITS.importBytes} bytes, got ${size}; let machines share ` +
            'a disk, with --data alone',
        );
      }
      if ((await datasets.open(name)).hash !== hash) {
        throw new ProtocolError(
          'conflict',
          `dataset ${name}: expected it to stay as it is while it is packed, got other episodes; do it again`,
        );
      }
      await this.#files.write(file, await readFile(packed));
    } finally {
      await rm(packed, { force: true });
    }
  }

  /**
   * Brings a dataset here, unless it is here.
   *
   * @param as what it is to be called here. @default as there
   * @throws ProtocolError 'invalid-request' for what is no hash, 'not-found' where it is not there;
   *         DatasetError 'damaged', 'exists'; as the artefacts
   */
  async bring(datasets: DatasetStore, { name, hash }: Named, as = name): Promise<void> {
    const isHere = async () => (await datasets.hashes()).get(as) === hash;
    const file = fileOf({ name, hash });
    if (await isHere()) return;
    const bytes = await this.#read(file);
    const packed = await datasets.temporaryFile('shared');
    try {
      await writeFile(packed, bytes, { flag: 'wx' });
      const { dataset } = await importDataset(datasets, { path: packed, name: as });
      if (dataset.hash === hash) return;
      await datasets.trash(as);
      throw new DatasetError(
        'damaged',
        `${this.#files.pathOf(file)}: expected the dataset that it is called by, got one of hash ` +
          `${dataset.hash}; remove it, and let whoever planned this hand it over again`,
      );
    } catch (error) {
      // Another process of this machine may have brought it meanwhile.
      const exists = error instanceof DatasetError && error.code === 'exists';
      if (!exists || !(await isHere())) throw error;
    } finally {
      await rm(packed, { force: true });
    }
  }

  /**
   * Brings the dataset of a name here, unless there is one here.
   *
   * @throws ProtocolError 'not-found' for none of that name, 'conflict' for several; as `bring`
   */
  async bringNamed(datasets: DatasetStore, name: string): Promise<void> {
    if ((await datasets.hashes()).has(name)) return;
    const files = await this.#files.list(`datasets/${name}/`);
    const hashes = files.flatMap((file) => ARCHIVE.exec(file)?.[1] ?? []);
    if (hashes.length === 1) return this.bring(datasets, { name, hash: hashes[0] });
    const none = hashes.length === 0;
    throw new ProtocolError(
      none ? 'not-found' : 'conflict',
      `dataset ${name}: expected one in ${datasets.root}, or of that name in ${this.#files.place}, got ` +
        `${none ? 'none' : `none, and ${hashes.length} there`}; ` +
        (none ? 'generate it with --store' : 'import the one that is meant, with demos import'),
    );
  }

  async #read(file: string): Promise<Uint8Array> {
    try {
      return await this.#files.read(file, LIMITS.importBytes);
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new ProtocolError(
        'not-found',
        `${this.#files.pathOf(file)}: expected demonstrations, got none; name the --store that whoever ` +
          'planned this has handed them to',
        { cause },
      );
    }
  }
}

/** @throws ProtocolError 'invalid-request' */
function fileOf({ name, hash }: Named): string {
  if (HASH.test(hash)) return `datasets/${name}/${hash}.zip`;
  throw new ProtocolError(
    'invalid-request',
    `dataset ${name}: expected its hash, 64 hexadecimal digits, got ${hash.length} characters`,
  );
}
