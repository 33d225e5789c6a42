/** Files that are not what they were: said on standard error, never acted on. */
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Run } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { trainRun } from '../../server/training/train.ts';
import { type CliResult, startManyCli } from '../support/cli.ts';
import { keepingEngine } from '../support/keeping-engine.ts';
import { addPair, PAIR } from '../support/pair.ts';
import { newRun } from '../support/runs.ts';
import { temporaryWorkspace } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run: command } = startManyCli();

let workspace: Workspace;
let dataset: string;
beforeEach(async () => {
  workspace = await temporaryWorkspace();
  await addPair(workspace);
  dataset = (await workspace.datasets.open('pair')).directory;
});

const run = (...words: readonly string[]): Promise<CliResult> =>
  command(...words, '--data', workspace.place.data);

async function trainedRun(): Promise<{ run: Run; checkpoint: string }> {
  const { runs, datasets } = workspace;
  const { id } = await newRun(workspace, { steps: 1 });
  const trained = await trainRun(runs, datasets, id, { engine: keepingEngine() });
  return { run: trained, checkpoint: join(runs.root, id, 'checkpoint.safetensors') };
}

const EPISODE = join('data', 'chunk-000', 'file-001.parquet');

it.each([
  ['demos', 'verify', 'pair'],
  ['train', '--policy', 'flow', '--dataset', 'pair', '--steps', '1'],
])('a truncated Parquet file fails %s %s %s, and is named with the cure', async (...words) => {
  await truncate(join(dataset, EPISODE), 2000);
  const { code, stderr, stdout } = await run(...words);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(EPISODE);
  expect(stderr).toMatch(/restore the file from a backup/);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

it('a dataset whose commit is damaged hides no other', async () => {
  const other = await workspace.datasets.create('other', { task: 'left-right', controlHz: 20 });
  await other.append(PAIR);
  const info = join(dataset, 'meta', 'info.json');
  await writeFile(info, (await readFile(info, 'utf8')).slice(0, 200));
  const list = await run('demos', 'list', '--json');
  expect(list.code).toBe(0);
  expect(JSON.parse(list.stdout)).toMatchObject([
    { name: 'other', episodes: 2 },
    { name: 'pair', error: expect.stringContaining('info.json') },
  ]);
  expect(list.stderr).toMatch(/^pair cannot be read: /m);
  const show = await run('demos', 'show', 'pair', '--json');
  expect(show.code).toBe(1);
  expect(show.stdout).toBe('');
});

it('an episode with another command than was executed fails the verification', async () => {
  const command = PAIR[0].command.slice();
  command[8 * 30] += 1e-4;
  const tampered = await workspace.datasets.create('bad', { task: 'left-right', controlHz: 20 });
  await tampered.append([PAIR[1], { ...PAIR[0], command }]);
  const { code, stdout } = await run('demos', 'verify', 'bad', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    dataset: 'bad',
    episodes: 2,
    ok: 1,
    failures: [{ index: 1, ok: false, expected: PAIR[0].replayHash }],
  });
});

it.each([0, 7, 100, 20_000])('a checkpoint cut to %d bytes acts no more', async (length) => {
  const { run: trained, checkpoint } = await trainedRun();
  await truncate(checkpoint, length);
  for (const words of [
    ['evaluate', '--run', trained.id, '--rollouts', '1', '--json'],
    ['latency', '--run', trained.id, '--seconds', '1', '--json'],
  ]) {
    const { code, stdout, stderr } = await run(...words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`error: run ${trained.id}: checkpoint.safetensors: checkpoint: expected`),
    );
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
});

it('a run without its file is said to be damaged', async () => {
  const { run: trained } = await trainedRun();
  await writeFile(join(workspace.runs.root, trained.id, 'run.json'), '{"id":');
  const { code, stderr } = await run('train', '--resume', trained.id);
  expect(code).toBe(1);
  expect(stderr).toContain('run.json is no JSON');
});

it('an export leaves locks and unfinished files behind', async () => {
  await writeFile(join(dataset, '.staging', 'half.parquet'), 'x');
  const out = join(workspace.place.data, 'copy');
  expect((await run('demos', 'export', 'pair', '--out', out)).code).toBe(0);
  const copied = await readdir(out, { recursive: true });
  expect(copied.filter((name) => name.includes('half') || name.startsWith('.'))).toEqual([]);
  expect(copied).toContain(EPISODE);
});
