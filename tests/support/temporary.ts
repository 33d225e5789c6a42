import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';

const directories: string[] = [];
afterAll(async () => {
  for (const path of directories.splice(0)) {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** An empty directory that is removed when the test file is done. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'forking-paths-'));
  directories.push(path);
  return path;
}

/** A data directory without datasets and runs. */
export async function temporaryWorkspace(): Promise<Workspace> {
  return workspaceAt(await temporaryDirectory());
}

/** The workspace of a data directory, with the engine that every machine has. */
export function workspaceAt(data: string): Workspace {
  return openWorkspace({ data, engine: 'compiled' });
}
