import { createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Imported } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import type { DatasetCatalog } from './dataset-catalog.ts';
import { bringIn } from './import.ts';
import { startWork } from './process.ts';

/** An archive on its way out; whoever asked for it calls `end`. */
export interface PackedDataset {
  readonly bytes: number;
  readonly file: FileHandle;
  end(): Promise<void>;
}

/** Datasets as archives: out to a reader, and in from one. The work is done in child processes. */
export class DatasetTransfer {
  readonly #workspace: Workspace;
  readonly #catalog: DatasetCatalog;

  constructor(workspace: Workspace, catalog: DatasetCatalog) {
    this.#workspace = workspace;
    this.#catalog = catalog;
  }

  /** @throws DatasetError, ProtocolError: what `packDataset` throws */
  async pack(name: string): Promise<PackedDataset> {
    const { datasets, place } = this.#workspace;
    const path = await datasets.temporaryFile(name);
    try {
      const bytes = await startWork('pack', { place, name, path }).result;
      const file = await open(path, 'r');
      const end = async () => {
        await file.close();
        await rm(path, { force: true });
      };
      return { bytes, file, end };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /**
   * Writes what comes aside, and takes the dataset in once it is whole.
   *
   * @throws ProtocolError 'invalid-request' beyond `LIMITS.importBytes`; what `importDataset` throws
   */
  async receive(name: string, content: Readable): Promise<Imported> {
    const { datasets, place } = this.#workspace;
    const path = await datasets.temporaryFile(name);
    try {
      await pipeline(
        content,
        bounded(LIMITS.importBytes),
        createWriteStream(path, { flags: 'wx' }),
      );
      const imported = await bringIn(place, { path, name });
      await this.#catalog.announce(imported.dataset);
      return imported;
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** Lets so many bytes through and no more. */
function bounded(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes <= most) done(null, chunk);
      else done(new ProtocolError('invalid-request', tooLarge(most)));
    },
  });
}

function tooLarge(most: number): string {
  return `import: expected at most ${most} bytes, got more; split the dataset`;
}
