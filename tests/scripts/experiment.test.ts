/** An experiment from the command line: divided as schedulers divide it, killed, gone on with, merged. */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { outputOf, startCli, startManyCli } from '../support/cli.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();
let data: string;
let sweep: string;

beforeAll(async () => {
  data = await temporaryDirectory();
  sweep = join(data, 'sweep');
});

async function finished(): Promise<number> {
  const names = await readdir(join(sweep, 'shards')).catch(() => []);
  return names.filter((name) => name.endsWith('.parquet')).length;
}

it('an experiment is planned, run in parts, killed, gone on with and merged to what compare finds', async () => {
  const axes = ['--policies', 'l2', '--rollouts', '6', '--starts', '3', '--data', data];
  const planned = await run(
    'experiment',
    'plan',
    sweep,
    ...axes,
    '--nfe',
    '1,2',
    '--shard-size',
    '1',
  );
  expect(planned.code).toBe(0);
  expect(planned.stdout).toContain('left out: l2 nfe=2: it is l2 direct 1, Ta 20');
  expect(planned.stdout).toContain(`6 shards · to run them: forking-paths experiment run ${sweep}`);
  const early = await run('experiment', 'merge', sweep);
  expect(early.code).toBe(1);
  expect(early.stderr).toContain(`to run them: forking-paths experiment run ${sweep}`);

  const first = await run('experiment', 'run', sweep, '--shard', '1/3', '--data', data, '--json');
  expect(JSON.parse(first.stdout)).toMatchObject({ part: { index: 1, count: 3 }, shards: 2 });

  // As Slurm starts the third of an array of three, which is killed once one more shard is done.
  const args = ['experiment', 'run', sweep, '--data', data, '--processes', '1'];
  const array = {
    SLURM_ARRAY_TASK_ID: '2',
    SLURM_ARRAY_TASK_MIN: '0',
    SLURM_ARRAY_TASK_COUNT: '3',
  };
  const killed = startCli(args, { env: array });
  const output = outputOf(killed);
  await until(async () => (await finished()) > 2, 'a shard of the array task');
  killed.kill('SIGKILL');
  if (killed.exitCode === null && killed.signalCode === null) await once(killed, 'exit');
  expect(output.stderr).toContain('part 3 of 3, as SLURM_ARRAY_TASK_ID says');

  const rest = await run(...args, '--json');
  const { shards, skipped } = JSON.parse(rest.stdout);
  expect(shards + skipped).toBe(6);
  expect(skipped).toBeGreaterThanOrEqual(3);
  const status = await run('experiment', 'status', sweep);
  expect(status.stdout).toContain(`6 of 6 shards are done · to merge them: `);

  const merged = await run('experiment', 'merge', sweep, '--json');
  const compared = await run('compare', ...axes, '--json');
  const [contender] = JSON.parse(merged.stdout).contenders;
  const { policies, engine } = JSON.parse(compared.stdout);
  const { latencyMs: _, run: __, sampler, ...measures } = policies[0];
  expect(contender).toMatchObject({ ...measures, sampler: { kind: sampler } });
  expect(JSON.parse(merged.stdout)).toMatchObject({ engine, task: 'left-right', rollouts: 6 });
  const csv = await run('experiment', 'merge', sweep, '--csv');
  expect(csv.stdout.split('\r\n')[1]).toMatch(/^l2,direct,1,20,,,,6,\d,/);
});
