import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { evaluateCells, rolloutGrid } from '../../server/evaluation/evaluate.ts';
import { rapier, task } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { HoldingPolicy } from './holding-policy.ts';

const run = promisify(execFile);

/** Copied, with one of the checkpoints that ship. */
const COPIED = ['demos', 'policies', 'scripts', 'server', 'sim'];
const SHIPS = 'policies/shipped/l2';
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'vite.node.config.ts'];

it('the policy of the page is the one that is tried here', async () => {
  const page = await readFile(join(ROOT, 'docs/add-a-policy.md'), 'utf8');
  const code = await readFile(join(ROOT, 'tests/docs/holding-policy.ts'), 'utf8');
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  expect(shown).toBe(code.replace("'../../policies/policy.ts'", "'./policy.ts'"));
});

it('acts in rollouts as a trained policy does, and holds still', async () => {
  const setup = { rapier, task, sampler: { kind: 'direct' }, batch: 2, seed: 0 } as const;
  const results = await evaluateCells(
    { ...setup, policy: new HoldingPolicy(), actionHorizon: 16 },
    rolloutGrid(2),
  );
  expect(results.map(({ success, contact }) => ({ success, contact }))).toEqual([
    { success: false, contact: false },
    { success: false, contact: false },
  ]);
});

it('is compared with what ships once three files are as the page says', {
  timeout: 300_000,
}, async () => {
  const page = await readFile(join(ROOT, 'docs/add-a-policy.md'), 'utf8');
  const [, policy] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const [, change] = /```diff\n([\s\S]*?)```/.exec(page) ?? [];
  expect([...change.matchAll(/^diff --git/gm)]).toHaveLength(2);
  const root = await temporaryDirectory();
  for (const name of COPIED) {
    const filter = (path: string) => !path.endsWith('policies/shipped');
    await cp(join(ROOT, name), join(root, name), { recursive: true, filter });
  }
  for (const name of [SHIPS, ...SETTINGS]) {
    await cp(join(ROOT, name), join(root, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'policies/holding-policy.ts'), policy);
  await writeFile(join(root, 'change.diff'), change);
  await run('git', ['apply', 'change.diff'], { cwd: root });
  await run('npm', ['run', '-s', 'build:node'], { cwd: root });
  const compare = ['compare', '--policies', 'holding,l2', '--rollouts', '2', '--json'];
  const cli = [join(root, 'dist/bin/cli.js'), ...compare, '--data', join(root, 'data')];
  const { stdout } = await run(process.execPath, cli, { cwd: root });
  const { policies, paired } = JSON.parse(stdout);
  expect(policies).toMatchObject([
    { name: 'holding', run: null, sampler: null, nfe: null, klToDemos: null, contact: { k: 0 } },
    { name: 'l2', run: null, sampler: 'direct', nfe: 1 },
  ]);
  expect(paired).toMatchObject([{ a: 'holding', b: 'l2' }]);
});
