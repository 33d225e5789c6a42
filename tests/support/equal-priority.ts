import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { afterFile } from './after-file.ts';

/**
 * Background work that this process starts runs as everything else does, until the test file is done.
 * At low priority it would wait for the files that are tested beside it.
 */
export function startAllAlike(): void {
  const { setPriority } = os;
  Object.assign(os, { setPriority: () => {} });
  syncBuiltinESMExports();
  afterFile(() => {
    Object.assign(os, { setPriority });
    syncBuiltinESMExports();
  });
}
