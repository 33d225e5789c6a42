import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateCells, rolloutGrid } from '../../server/evaluation/evaluate.ts';
import { RemotePolicy } from '../../server/openpi/remote-policy.ts';
import { afterFile } from '../support/after-file.ts';
import { rapier, task } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';
import { until } from '../support/until.ts';

/** Of those that policy servers in Python need; none of them is needed by anything else here. */
const PYTHON = process.env.PYTHON ?? 'python3';

const SERVERS = [
  {
    ...{ page: 'docs/policy-servers.md', server: 'docs/torch_policy_server.py', args: [] },
    needs: 'torch, openpi_client.msgpack_numpy, websockets.sync.server',
    described: { name: 'torch', obsHorizon: 1, predHorizon: 20, observationDim: 14 },
    // It holds still as it is.
    ends: [{ steps: 160, contact: false, success: false, failure: undefined }],
  },
  {
    ...{ page: 'docs/lerobot.md', server: 'docs/lerobot_policy_server.py' },
    args: [join(ROOT, 'tests/policies/lerobot/fixtures/biases')],
    needs: 'lerobot.policies.factory, openpi_client.msgpack_numpy, websockets.sync.server',
    described: { name: 'diffusion', obsHorizon: 3, predHorizon: 4, observationDim: 14 },
    // Its weights are a formula, and send the arm where it cannot go.
    ends: [{ failure: expect.stringMatching(/^actions: expected .* in row \d/) }],
  },
];

function has(needs: string): boolean {
  try {
    execFileSync(PYTHON, ['-c', `import ${needs}`], { stdio: 'ignore' });
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

describe.each(SERVERS)('$server', ({ page, server, args, needs, described, ends }) => {
  it('is the one that its page shows, in 40 lines', async () => {
    const code = await readFile(join(ROOT, server), 'utf8');
    expect(await readFile(join(ROOT, page), 'utf8')).toContain(`\`\`\`python\n${code}\`\`\``);
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it.skipIf(!has(needs))('lets its policy take part', { timeout: 180_000 }, async () => {
    const port = await freePort();
    const child = spawn(PYTHON, [join(ROOT, server), ...args, String(port)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
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
    const about = policy.describe();
    expect(about).toMatchObject(described);
    const actionHorizon = about.predHorizon;
    const results = await evaluateCells(
      { rapier, task, policy, sampler: null, actionHorizon, batch: 1, seed: 0 },
      rolloutGrid(1),
    );
    expect(results.map(({ failure, ...rest }) => ({ failure, ...rest }))).toMatchObject(ends);
  });
});
