import { once } from 'node:events';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { beforeAll, expect, it, vi } from 'vitest';
import type { Workspace } from '../../server/storage/workspace.ts';
import { outputOf, startCli, startManyCli } from '../support/cli.ts';
import { workspaceWithPair } from '../support/pair.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { FRESH_RUN } from '../support/runs.ts';
import { connect, endServer, startServer } from '../support/server.ts';
import { temporaryWorkspace } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { run } = startManyCli();

let workspace: Workspace;
let data: string;
beforeAll(async () => {
  workspace = await workspaceWithPair();
  data = workspace.place.data;
});

it('without --json people get a table', async () => {
  const { code, stdout } = await run('demos', 'list', '--data', data);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^dataset .* episodes .*\n─+/);
  expect(stdout).toMatch(/^pair +left-right +20 +2 .* left 1, right 1 /m);
});

it('without any dataset they are told how to make one', async () => {
  const { place } = await temporaryWorkspace();
  const { code, stdout, stderr } = await run('demos', 'list', '--data', place.data);
  expect(code).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('demos generate --out NAME');
});

it('what was made from nothing is evaluated, told apart and timed', async () => {
  const train = 'train --policy l2 --dataset pair --steps 2'.split(' ');
  const trained = await run(...train, '--data', data);
  expect(trained.code).toBe(0);
  expect(trained.stderr).toContain('warning: dataset pair has 2 demonstrations');
  const [, id] = /^(l2-[\w-]+): done at step 2, loss /.exec(trained.stdout) ?? [];
  const evaluated = await run('evaluate', '--run', id, '--rollouts', '1', '--data', data);
  expect(evaluated.code).toBe(0);
  expect(evaluated.stdout).toMatch(new RegExp(`^${id} +direct +1 +\\d\\d `, 'm'));
  const timed = await run('latency', '--run', id, '--seconds', '1', '--data', data);
  expect(timed.code).toBe(0);
  expect(timed.stdout).toMatch(/^one plan +\d/m);
});

it('a policy that reads is exported with all a stranger needs to ask it something', async () => {
  const out = join(data, 'seeing.onnx');
  const args = 'export --policy seeing-flow --nfe 2 --guidance 2 --json --out'.split(' ');
  const { code, stdout } = await run(...args, out, '--data', data);
  expect(code).toBe(0);
  const { metadata } = JSON.parse(stdout);
  // Two steps, each with and without the instruction.
  expect(metadata).toMatchObject({ task: 'left-right-colour', nfe: '4', guidance: '2' });
  expect(metadata.image).toContain('64 x 64 RGB');
  expect(metadata.instruction).toContain('<pad> up to 16');
  expect(metadata.observation_names.split(',')).toHaveLength(8);
  expect(metadata.tokens).toMatch(/^<pad>,<start>,<unknown>,a,.*,green,.*,red,/);
  const session = await ort.InferenceSession.create(out);
  expect([...session.inputNames].sort()).toEqual(['image', 'instruction', 'noise', 'observation']);
});

it('a comparison says how much noise DDIM added, where it added any', async () => {
  const args = 'evaluate --policy diffusion --nfe 2 --eta 0.5 --rollouts 1'.split(' ');
  const { code, stdout } = await run(...args, '--data', data);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^diffusion +ddim eta=0\.5 +2 /m);
});

it('a comparison of few starts says what no p of it can be, and how many it takes', async () => {
  const args = 'compare --policies l2,lstm --rollouts 3 --starts 3 --seed 100000'.split(' ');
  const { code, stdout } = await run(...args, '--data', data);
  expect(code).toBe(0);
  // 2 / 2³; 2 / 2⁶ = 0.03 and 2 / 2⁸ = 0.008 are the first below 0.05 and 0.01.
  expect(stdout).toContain(
    'with 3 starts no p below 0.25 is possible; it takes 6 to reach 0.05, 8 to reach 0.01 ' +
      '(--starts)\n',
  );
  expect(stdout).toContain('3 rollouts each from 3 starts');
});

it('a training that Ctrl-C stops keeps a checkpoint and goes on with --resume', async () => {
  const words = 'train --policy flow --dataset pair --steps 100 --json'.split(' ');
  const child = startCli([...words, '--data', data]);
  const output = outputOf(child);
  await until(() => output.stderr.includes('10/100'), 'a tenth of the training');
  const workers = childrenOf(child.pid ?? 0);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  const stopped = JSON.parse(output.stdout);
  expect(stopped).toMatchObject({ status: 'stopped', policy: 'flow' });
  expect(stopped.step).toBeGreaterThanOrEqual(10);
  expect(stopped.step).toBeLessThan(100);
  expect(workers.filter(isRunning)).toEqual([]);
  const resumed = await run('train', '--resume', stopped.id, '--json', '--data', data);
  expect(resumed.code).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ id: stopped.id, status: 'done', step: 100 });
  const prolonged = await run(
    ...['train', '--resume', stopped.id, '--steps', '120', '--json', '--data', data],
  );
  expect(JSON.parse(prolonged.stdout)).toMatchObject({ status: 'done', step: 120 });
  const shortened = await run('train', '--resume', stopped.id, '--steps', '120', '--data', data);
  expect(shortened.code).toBe(1);
  expect(shortened.stderr).toMatch(/expected more steps than the 120 it has made, got 120/);
});

it('serve says where the page is, answers there, and ends on request', async () => {
  const server = await startServer(data);
  expect(server.output.stdout).toMatch(/^Forking Paths is at http:\/\/127\.0\.0\.1:\d+\/\n$/);
  const health = await fetch(new URL('/health', server.url));
  expect(await health.json()).toEqual({ ok: true });
  const socket = await connect(server.url);
  // Of what others train in the same directory a page hears as well.
  const told: string[] = [];
  socket.on('run', ({ id }: { id: string }) => told.push(id));
  const { id } = await workspace.runs.create({ ...FRESH_RUN, status: 'stopped' });
  await until(() => told.includes(id), 'word of the run');
  expect(await endServer(server, 'SIGINT')).toBe(0);
  await until(() => !socket.connected, 'the page to notice');
});

it('serve on a port that is taken fails', async () => {
  const server = await startServer(data);
  const { port } = new URL(server.url);
  const second = startCli(['serve', '--port', port, '--data', data]);
  const output = outputOf(second);
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(output.stderr).toContain(port);
  expect(output.stdout).toBe('');
  await endServer(server, 'SIGTERM');
});

it('serve on another address than loopback prints a token that is needed there', async () => {
  const server = await startServer(data, {
    args: ['--host', '0.0.0.0', '--allowed-host', 'LocalHost'],
  });
  const { hostname, port, searchParams } = new URL(server.url);
  expect(hostname).toBe('127.0.0.1');
  const token = searchParams.get('token');
  expect(token).toMatch(/^[\w-]{32}$/);
  for (const [printed] of server.output.stdout.matchAll(/http:\S+/g)) {
    expect((await fetch(printed, { redirect: 'manual' })).status, printed).toBe(302);
  }
  const page = `http://localhost:${port}/event-loop-lag`;
  expect((await fetch(page)).status).toBe(401);
  expect((await fetch(`${page}?token=${token}`, { redirect: 'manual' })).status).toBe(302);
  await expect(connect(page)).rejects.toThrow();
  await endServer(server, 'SIGTERM');
});

it('serve takes the word of the proxies it is told to trust, and refuses what names none', async () => {
  const server = await startServer(data, { args: ['--trust-proxy', '127.0.0.0/8'] });
  const forwarded = { 'X-Forwarded-For': '192.0.2.1' };
  expect((await fetch(server.url, { headers: forwarded })).status).toBe(200);
  expect(await endServer(server, 'SIGTERM')).toBe(0);
  expect(server.output.stderr).not.toContain('Error');
  const { code, stderr } = await run(
    'serve',
    '--trust-proxy',
    'lab',
    '--port',
    '0',
    '--data',
    data,
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/trust-proxy: expected a number of proxies/);
});
