import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { planComparison } from '../../server/evaluation/comparison.ts';
import { rollOutInParallel } from '../../server/jobs/rollouts.ts';
import { servePolicy } from '../../server/policy-server.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { outputOf, startCli } from '../support/cli.ts';
import { lendPrograms } from '../support/programs.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 600_000 });

const FLOW = { kind: 'shipped', name: 'flow' } as const;

it('a flow that is asked through its server acts as the flow itself, to the bit; then ends quietly', async () => {
  const data = await temporaryDirectory();
  await lendPrograms(data);
  const child = startCli(['policy-server', '--policy', 'flow', '--port', '0', '--data', data]);
  const output = outputOf(child);
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended early: ${output.stderr}`);
    return /ws:\/\/[\w.:]+/.exec(output.stdout)?.[0];
  }, 'the policy server to listen');
  const policyServers = { urls: [url], observationKeys: 'fp', answerMs: 60_000 } as const;
  const workspace = openWorkspace({ data, engine: 'compiled', policyServers });
  const plan = await planComparison(workspace, {
    policies: [{ policy: FLOW }, { policy: { kind: 'server', url } }],
    ...{ rollouts: 4, seed: 0 },
  });
  const { results } = await rollOutInParallel(plan.inputs, plan.cells, { processes: 1 });
  const [own, asked] = results;
  expect(own.map(({ seam }) => seam.squares).every((squares) => squares > 0)).toBe(true);
  expect(asked).toEqual(own);

  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
  expect(output.stderr).toBe('');
});

it('refuses a token that can be guessed, before anything is begun', async () => {
  const place = { data: await temporaryDirectory(), engine: 'compiled' } as const;
  const options = { place, source: FLOW, host: '0.0.0.0', port: 0, seed: 0, token: 'short' };
  await expect(servePolicy(options)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/^token: expected at least 16/),
  });
});
