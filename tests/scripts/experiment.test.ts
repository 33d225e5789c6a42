/** An experiment from the command line: divided as schedulers divide it, killed, gone on with, merged. */
import { once } from 'node:events';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { outputOf, startCli, startManyCli } from '../support/cli.ts';
import { keepResult } from '../support/experiments.ts';
import { FIXTURES } from '../support/lerobot.ts';
import { lendPrograms } from '../support/programs.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();
let data: string;
let sweep: string;

beforeAll(async () => {
  data = await temporaryDirectory();
  await lendPrograms(data);
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
  for (const command of ['merge', 'report']) {
    const early = await run('experiment', command, sweep);
    expect(early.code).toBe(1);
    expect(early.stderr).toContain(`to run them: forking-paths experiment run ${sweep}`);
  }

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

it('its report pictures rollouts that it has replayed to the recorded hash, and so does a replay', async () => {
  const made = await run(
    'experiment',
    'report',
    sweep,
    '--data',
    data,
    '--pictures',
    '2',
    '--json',
  );
  expect(made.code).toBe(0);
  const { file, pictures, contenders, ...rest } = JSON.parse(made.stdout);
  expect(pictures).toHaveLength(2);
  for (const { proven, replayHash, replayedHash } of pictures) {
    expect([proven, replayedHash]).toEqual([true, replayHash]);
  }
  expect({ ...rest, contenders }).toMatchObject({ paired: [], contenders: [{ letters: null }] });
  const page = await readFile(file, 'utf8');
  const [first] = pictures;
  const name = `${sweep}#${first.contender}/${first.start}/${first.noise}`;
  expect(page).toContain(name);
  const csv = await run('experiment', 'report', sweep, '--csv');
  expect(csv.stdout.split('\r\n')[1]).toMatch(/^l2,direct,1,20,,,,6,\d,/);
  const latex = await run('experiment', 'report', sweep, '--latex');
  expect(latex.stdout).toMatch(/^l2 & direct & 1 & 20 & /m);

  const replayed = await run('replay', name, '--data', data);
  expect(replayed).toMatchObject({ code: 0, stderr: '' });
  expect(replayed.stdout).toContain(`${first.replayHash}, as recorded`);
  const stranger = await run('replay', `${sweep}#1/0/0`, '--data', data);
  expect(stranger).toMatchObject({ code: 2, stdout: '' });
  expect(stranger.stderr).toContain('contenders 0 to 0, starts 0 to 2');
});

it('what does not end in the recorded hash is said with both, by report and by replay', async () => {
  const directory = new ExperimentDirectory(sweep);
  const [stored] = (await directory.readShards()).filter(
    ({ shard }) => shard?.description.cells[0][0] === 1,
  );
  if (!stored.shard) throw new Error('expected the shard of a start');
  const { description, rollouts, engine } = stored.shard;
  const [{ start, noise, replayHash }] = rollouts;
  await rm(stored.path);
  const wrong = '0123456789abcdef';
  await keepResult(directory, description, {
    engine,
    rollouts: rollouts.map((rollout) => ({ ...rollout, replayHash: wrong })),
  });
  const name = `${sweep}#0/${start}/${noise}`;
  const replayed = await run('replay', name, '--data', data, '--json');
  expect(replayed.code).toBe(1);
  expect(JSON.parse(replayed.stdout)).toMatchObject({
    same: false,
    recordedHash: wrong,
    replayed: { replayHash },
  });
  expect(replayed.stderr).toContain(`expected the recorded hash ${wrong}, got ${replayHash}`);
  const made = await run('experiment', 'report', sweep, '--data', data);
  expect(made.code).toBe(1);
  expect(made.stderr).toContain('got 1 that did not, which the page marks');
  const page = await readFile(join(sweep, 'report.html'), 'utf8');
  expect(page).toContain(`it ended in ${replayHash}, recorded is ${wrong}`);
});

it('a checkpoint of LeRobot’s takes part from the plan to the replay, however deep it lies', async () => {
  const deep = join(
    data,
    'outputs/train/2026-01-01/12-00-00_diffusion/checkpoints/010000/pretrained_model',
  );
  await cp(join(FIXTURES, 'biases'), deep, { recursive: true });
  const trial = join(data, 'trial');
  const axes = [
    '--policies',
    `lerobot:${deep}`,
    '--rollouts',
    '2',
    '--starts',
    '2',
    '--data',
    data,
  ];
  const planned = await run('experiment', 'plan', trial, ...axes, '--json');
  expect(JSON.parse(planned.stdout).plan.contenders).toMatchObject([{ nfe: 5 }]);
  expect((await run('experiment', 'run', trial, '--data', data)).code).toBe(0);
  const args = ['--data', data, '--pictures', '1'];
  const reported = await run('experiment', 'report', trial, ...args);
  expect(reported.stdout).toContain('1 of 1 pictures proven by the hash of their replay');
  const replayed = await run('replay', `${trial}#0/0/0`, '--data', data);
  expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining(', as recorded') });
});
