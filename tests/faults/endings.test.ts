/** However a command is asked to end, by Ctrl-C, by a service manager or by who read its output: quietly, with 130. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CLI, outputOf, startCli } from '../support/cli.ts';
import { childrenOf, hearsHangUp, isRunning } from '../support/processes.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { temporaryDirectory, temporaryWorkspace } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000 });

let data: string;
beforeAll(async () => {
  const { place, datasets } = await temporaryWorkspace();
  data = place.data;
  const pairs = await datasets.create('pairs', { task: 'left-right', controlHz: 20 });
  const pair = [demonstrateMode('left', 1), demonstrateMode('right', 1)];
  for (let i = 0; i < 20; i++) await pairs.append(pair);
});

const wordsOf = (line: string) => line.split(' ').map((word) => word.replace('DATA', data));

/** Without what ONNX Runtime writes there of its own accord. */
async function ownFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('forking-paths-'));
}

/** What is seen of a command: its children, and files it keeps for a while. */
interface Seen {
  readonly children: number;
  readonly files: number;
}

const listens = () => true;
const hasChildren = ({ children }: Seen) => children > 0;

/** Commands that take long, and how it is seen that they are at work. */
const LONG: readonly (readonly [string, (seen: Seen) => boolean])[] = [
  ['compare --rollouts 400 --json --data DATA', hasChildren],
  ['compare --action-horizons 8,16 --policies l2 --rollouts 400 --data DATA', hasChildren],
  ['compare --delays 0,4 --policies flow --rollouts 400 --data DATA', hasChildren],
  ['instructions --policy reading-flow --rollouts 400 --data DATA', hasChildren],
  ['latency --seconds 600 --data DATA', listens],
  ['lesson', listens],
  ['lesson --engine cpu', listens],
  ['demos verify pairs --data DATA', listens],
  ['reproduce --episodes 100 --dataset new --data DATA', hasChildren],
  ['bench sim --episodes 10000', listens],
  ['bench rollouts --rollouts 200', hasChildren],
  ['bench infer --calls 100000', listens],
  ['bench infer --calls 100000 --profile', ({ files }) => files > 0],
  ['bench memory --steps 1000000', listens],
  ['bench stream --seconds 600', hasChildren],
];

describe.skipIf(process.platform !== 'linux')('a long command that is told to end', () => {
  it.each(LONG)('"%s" ends quietly and leaves nothing behind', async (line, isAtWork) => {
    const temporary = await temporaryDirectory();
    const child = startCli(wordsOf(line), { env: { TMPDIR: temporary } });
    const pid = child.pid ?? 0;
    const output = outputOf(child);
    const closed = once(child, 'close');
    await until(async () => {
      const children = childrenOf(pid).length;
      const files = (await ownFiles(temporary)).length;
      return isAtWork({ children, files }) && hearsHangUp(pid);
    }, 'it to work');
    const workers = childrenOf(pid);
    child.kill('SIGTERM');
    expect(await closed).toEqual([130, null]);
    expect(output.stdout).toBe('');
    expect(output.stderr).not.toMatch(/error|^ {4}at /m);
    await until(() => workers.every((worker) => !isRunning(worker)), 'its children to end');
    expect(await ownFiles(temporary)).toEqual([]);
  });

  it('generation keeps what was committed, and says so', async () => {
    const words = 'demos generate --out many --episodes 100 --json --data DATA';
    const child = startCli(wordsOf(words));
    const output = outputOf(child);
    const closed = once(child, 'close');
    await until(() => /demonstrations \d+\//.test(output.stderr), 'some demonstrations');
    child.kill('SIGHUP');
    expect(await closed).toEqual([130, null]);
    expect(JSON.parse(output.stdout).episodes).toBeGreaterThanOrEqual(10);
  });

  it('an export writes its file or none', async () => {
    const out = join(await temporaryDirectory(), 'seeing.onnx');
    const child = startCli([...wordsOf('export --policy seeing-flow --data DATA --out'), out]);
    const output = outputOf(child);
    const closed = once(child, 'close');
    await until(() => hearsHangUp(child.pid ?? 0), 'it to listen');
    child.kill('SIGINT');
    const [code] = await closed;
    // A fast machine may have written it before it hears the signal.
    const left = await readdir(join(out, '..'));
    expect([
      [130, []],
      [0, ['seeing.onnx']],
    ]).toContainEqual([code, left]);
    expect(output.stdout === '').toBe(code === 130);
  });
});

describe('a short command whose reader has gone', () => {
  it.each([
    'policies',
    'policies --json',
    '--help',
    'demos list --data DATA',
    'demos show pairs --data DATA',
    'doctor --json --data DATA',
  ])('"%s" ends quietly', async (line) => {
    const child = startCli(wordsOf(line));
    const output = outputOf(child);
    child.stdout?.destroy();
    expect(await once(child, 'close')).toEqual([130, null]);
    // The doctor tries what may be no more than a driver that says it is not there.
    expect(output.stderr).not.toMatch(/error|node:|EPIPE/);
  });

  it('a pipe of the shell is no other case', async () => {
    const command = `{ "$NODE" "$CLI" policies --json; echo "ended with $?" >&2; } | true`;
    const child = spawn('sh', ['-c', command], {
      env: { ...process.env, NODE: process.execPath, CLI },
    });
    const output = outputOf(child);
    await once(child, 'close');
    expect(output.stderr).toBe('ended with 130\n');
  });

  it('remarks that nobody reads change no result', async () => {
    const child = startCli(wordsOf('demos list --json --data DATA'));
    const output = outputOf(child);
    child.stderr?.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(JSON.parse(output.stdout)).toContainEqual(expect.objectContaining({ name: 'pairs' }));
  });
});

it.skipIf(process.platform !== 'linux')(
  'a result that a full disk does not take fails in a sentence',
  async () => {
    const full = await open('/dev/full', 'w');
    try {
      const child = spawn(process.execPath, [CLI, 'policies'], {
        stdio: ['ignore', full.fd, 'pipe'],
      });
      const output = outputOf(child);
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(output.stderr).toMatch(/^error: standard output: ENOSPC.*make room.*\n$/);
    } finally {
      await full.close();
    }
  },
);
