/**
 * A server process under hostile messages of many kinds: it answers them in typed errors, lives, and
 * goes on answering others. `node tests/faults/hostile-messages.mjs 1000000` sends a million.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./hostile-messages.mjs', import.meta.url));

it('hostile messages take no server down, get no untyped answer and cut nobody else off', async () => {
  // Linux alone has all of 127/8 to send from.
  const addresses = process.platform === 'linux' ? '20' : '0';
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '3000', addresses, '16']);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ exits: 0, untyped: 0, logLines: 0 });
  expect(report.bystander.underAttackMs).toMatchObject({ lost: false });
  expect(report.codes['invalid-request']).toBeGreaterThan(0);
  expect(report.codes.busy).toBeGreaterThan(0);
  expect(report.longest).toBeLessThan(2100);
});
