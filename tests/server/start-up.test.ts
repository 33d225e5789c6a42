import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';

const run = promisify(execFile);

/** Loads a compiled module; says whether TensorFlow.js has come with it. */
const SCRIPT = `
import { createRequire } from 'node:module';
await import(process.argv[1]);
const paths = Object.keys(createRequire(import.meta.url).cache);
console.log(paths.some((path) => path.includes('@tensorflow')));
process.exit();
`;

async function loadsTensorFlow(module: string): Promise<unknown> {
  const words = ['--input-type=module', '-e', SCRIPT, `${ROOT}dist/${module}`];
  return JSON.parse((await run(process.execPath, words)).stdout);
}

it.each([
  'server/net/index.js',
  'bin/worker.js',
  'scripts/commands/compare.js',
  'policies/engine/index.js',
])('%s begins without TensorFlow.js', async (module) => {
  expect(await loadsTensorFlow(module)).toBe(false);
});

it('what traces brings it along', async () => {
  expect(await loadsTensorFlow('policies/engine/analysis.js')).toBe(true);
});
