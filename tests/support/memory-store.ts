import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramStore } from '../../policies/engine/index.ts';
import { temporaryDirectory } from './temporary.ts';

/** Programs kept for as long as a test runs. */
export class MemoryStore implements ProgramStore {
  readonly version: string;
  readonly entries: Map<string, Uint8Array>;

  constructor(version = '1', entries = new Map<string, Uint8Array>()) {
    this.version = version;
    this.entries = entries;
  }

  async read(name: string): Promise<Uint8Array | null> {
    return this.entries.get(name) ?? null;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.entries.set(name, bytes);
  }

  async lendFile<T>(use: (path: string | null) => Promise<T>): Promise<[T, Uint8Array]> {
    const path = join(await temporaryDirectory(), 'lent');
    const result = await use(path);
    const bytes = await readFile(path);
    await rm(path);
    return [result, bytes];
  }
}
