import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const run = promisify(execFile);

/** Trains the new method a little on chunks of 1, 1 and −1, and draws from it. */
const SCRIPT = `
import { METHODS, chooseSampler, nfeOf, policySpecSchema } from './dist/policies/config/index.js';
import { createEagerEngine } from './dist/policies/engine/eager.js';
import { createPlan } from './dist/policies/samplers/plan.js';
import { drawInPlane } from './dist/policies/lesson/draw.js';
import { planeWindows, trainInPlane } from './dist/policies/lesson/plane.js';

const { objective } = METHODS.find(({ name }) => name === 'median');
const sampler = chooseSampler(objective);
const engine = await createEagerEngine('cpu');
const points = Float32Array.from({ length: 600 }, (_, i) => ((i >> 1) % 3 === 2 ? -1 : 1));
const policy = await trainInPlane(engine, objective, planeWindows(points), {
  steps: 60, seed: 0, widths: [8], batch: 30,
});
const drawn = await drawInPlane(engine, policy, sampler, { count: 1, seed: 0 });
console.log(JSON.stringify({ sampler, nfe: nfeOf(sampler, objective), drawn: [...drawn] }));
`;

it('the page makes a method that trains, as it is written there', {
  timeout: 120_000,
}, async () => {
  const page = await readFile(join(ROOT, 'docs/add-a-method.md'), 'utf8');
  const [, change] = /```diff\n([\s\S]*?)```/.exec(page) ?? [];
  const root = await temporaryDirectory();
  await cp(join(ROOT, 'policies'), join(root, 'policies'), {
    recursive: true,
    filter: (path) => !path.endsWith('shipped'),
  });
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(ROOT, name), join(root, name));
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'change.diff'), change);
  await run('git', ['apply', 'change.diff'], { cwd: root });
  await run(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
    },
  );
  await writeFile(join(root, 'try.mjs'), SCRIPT);
  const { stdout } = await run(process.execPath, ['try.mjs'], { cwd: root });
  const { sampler, nfe, drawn } = JSON.parse(stdout);
  expect(sampler).toEqual({ kind: 'direct' });
  expect(nfe).toBe(1);
  // The median, where the mean is 1/3.
  for (const value of drawn) expect(value).toBeGreaterThan(0.7);
  const files = [...change.matchAll(/^diff --git/gm)];
  expect(files.length).toBeLessThanOrEqual(5);
});
