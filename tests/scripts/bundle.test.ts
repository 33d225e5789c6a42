import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { CLI } from '../support/cli.ts';
import { ROOT } from '../support/sources.ts';

it('where nothing has changed the programs stay as they are: others may be starting from them', async () => {
  const before = await stat(CLI);
  await promisify(execFile)(process.execPath, [join(ROOT, 'dist/scripts/bundle.js')]);
  const after = await stat(CLI);
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});
