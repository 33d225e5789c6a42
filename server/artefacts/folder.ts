import { rm } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve } from 'node:path';
import {
  ensureDirectory,
  findDirectory,
  listDirectory,
  makeDirectory,
  readRegular,
  removeTemporaries,
  unlessMissing,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import type { Artefacts } from './artefacts.ts';

/** Files in a directory, which need not exist yet. */
export class Folder implements Artefacts {
  readonly place: string;

  constructor(path: string) {
    this.place = resolve(path);
  }

  pathOf(name: string): string {
    return join(this.place, name);
  }

  async list(beginning: string): Promise<string[]> {
    const folder = folderOf(beginning);
    const entries = await listDirectory(this.place, folder);
    return entries
      .map(({ name }) => posix.join(folder, name))
      .filter((name) => name.startsWith(beginning))
      .sort();
  }

  read(name: string, most: number): Promise<Uint8Array> {
    return readRegular(this.place, name, most);
  }

  async write(name: string, content: Uint8Array | string): Promise<void> {
    const folder = folderOf(name);
    if (folder === '') {
      await ensureDirectory(this.place);
    } else {
      await ensureDirectory(dirname(this.place));
      await makeDirectory(dirname(this.place), join(basename(this.place), folder));
      await removeTemporaries(this.place, folder);
    }
    await writeFileAtomic(this.pathOf(name), content);
  }

  /** Of two who do so at the same moment the later one's stays. */
  async create(name: string, content: Uint8Array | string): Promise<boolean> {
    if ((await this.list(name)).includes(name)) return false;
    await this.write(name, content);
    return true;
  }

  async remove(name: string): Promise<void> {
    const found = findDirectory(this.place, folderOf(name));
    await unlessMissing(found.then(() => rm(this.pathOf(name), { force: true })));
  }
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}
