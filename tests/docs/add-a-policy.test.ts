import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluateCells, rolloutGrid } from '../../server/evaluation/evaluate.ts';
import { rapier, task } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';
import { HoldingPolicy } from './holding-policy.ts';

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
    () => {},
  );
  expect(results.map(({ success, contact }) => ({ success, contact }))).toEqual([
    { success: false, contact: false },
    { success: false, contact: false },
  ]);
});
