import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluateCells, rolloutGrid } from '../../server/evaluation/evaluate.ts';
import { RemotePolicy } from '../../server/openpi/remote-policy.ts';
import { afterFile } from '../support/after-file.ts';
import { rapier, task } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';
import { until } from '../support/until.ts';

const SERVER = join(ROOT, 'docs/torch_policy_server.py');
/** Of those that a policy server in PyTorch needs; none of them is needed by anything else here. */
const PYTHON = process.env.PYTHON ?? 'python3';

function hasTorch(): boolean {
  try {
    const needed = 'import torch, openpi_client.msgpack_numpy, websockets.sync.server';
    execFileSync(PYTHON, ['-c', needed], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('the PyTorch server of the page is the one that is tried here, in 40 lines', async () => {
  const page = await readFile(join(ROOT, 'docs/policy-servers.md'), 'utf8');
  const code = await readFile(SERVER, 'utf8');
  expect(page).toContain(`\`\`\`python\n${code}\`\`\``);
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});

it.skipIf(!hasTorch())(
  'a PyTorch policy takes part through it, and holds still as it is',
  { timeout: 120_000 },
  async () => {
    const port = await freePort();
    const child = spawn(PYTHON, [SERVER, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
    afterFile(() => child.kill());
    const options = {
      url: `ws://127.0.0.1:${port}`,
      answerMs: 20_000,
      observationKeys: 'fp',
      apiKey: undefined,
    } as const;
    const policy = await until(
      () => RemotePolicy.open(options).catch(() => undefined),
      'it to listen',
    );
    expect(policy.describe()).toMatchObject({ name: 'torch', predHorizon: 20, observationDim: 14 });
    const results = await evaluateCells(
      { rapier, task, policy, sampler: null, actionHorizon: 20, batch: 2, seed: 0 },
      rolloutGrid(2),
    );
    expect(results).toMatchObject([
      { steps: 160, contact: false, success: false },
      { steps: 160, contact: false, success: false },
    ]);
    expect(results[0]).not.toHaveProperty('failure');
  },
);
