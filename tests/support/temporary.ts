import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import { afterFile } from './after-file.ts';

/** An empty directory that is removed when the test file is done. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'forking-paths-'));
  afterFile(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
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
