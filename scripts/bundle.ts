/**
 * Bundles the programs that are started (`vite.node.config.ts`), unless that was done since the last change.
 * `npm run build:node` ends with it, so that every `npm start` and `npm run fp` does.
 *
 * @cost 0.05 s of CPU where nothing has changed, else 1 s
 */
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../server/storage/package-root.ts';

const BUNDLED = join(PACKAGE_ROOT, 'dist/bin');
/** Written last of a bundle; its time is when bundling began. */
const ENTRY = 'cli.js';
/** What is newer than the bundle where it has to be made again: sources as tsc knows them, settings, packages. */
const MADE_OF = [
  'dist/.tsbuildinfo',
  'vite.node.config.ts',
  'package.json',
  'node_modules/.package-lock.json',
];

/** When a file was changed, ms; null where there is none. */
async function changedAt(path: string): Promise<number | null> {
  const found = await stat(path).catch(unless('ENOENT'));
  return found ? found.mtimeMs : null;
}

/** Lets failures of these kinds pass. */
function unless(...codes: string[]): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}

async function isCurrent(): Promise<boolean> {
  const bundled = await changedAt(join(BUNDLED, ENTRY));
  if (bundled === null) return false;
  const parts = await Promise.all(MADE_OF.map((path) => changedAt(join(PACKAGE_ROOT, path))));
  return parts.every((changed) => changed === null || changed < bundled);
}

/** Beside what is there, which takes its place whole: others may be starting from it. */
async function bundle(): Promise<void> {
  const { build } = await import('vite');
  const began = new Date();
  const made = `${BUNDLED}-${process.pid}`;
  const replaced = `${made}-replaced`;
  try {
    await build({
      configFile: join(PACKAGE_ROOT, 'vite.node.config.ts'),
      root: PACKAGE_ROOT,
      logLevel: 'warn',
      build: { outDir: made },
    });
    await utimes(join(made, ENTRY), began, began);
    await rename(BUNDLED, replaced).catch(unless('ENOENT'));
    // Where another process has put its own there meanwhile, that one serves as well.
    await rename(made, BUNDLED).catch(unless('ENOTEMPTY', 'EEXIST', 'EPERM'));
  } finally {
    await Promise.all([made, replaced].map((path) => rm(path, { recursive: true, force: true })));
  }
}

if (!(await isCurrent())) await bundle();
