import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './state.ts';
import { DATASET, EXPERIMENT_NAME } from './states.ts';

/** The command line as it is built. */
const CLI = fileURLToPath(new URL('../cli.js', import.meta.url));

/** A server in a process of its own. */
export interface Served {
  readonly url: string;
  end(): Promise<void>;
}

/**
 * @param data its data directory
 * @param cli  the command line of another checkout, built
 */
export async function startServer(data: string, cli = CLI): Promise<Served> {
  const child = start(cli, 'serve', '--port', '0', '--data', data);
  const url = await listens(child);
  return {
    url,
    async end() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** One server for each place: started when it is first asked for, and anew where its own has ended. */
export class Servers {
  readonly #running = new Map<Place, Promise<Served>>();
  readonly #start: (place: Place) => Promise<Served>;

  constructor(start: (place: Place) => Promise<Served>) {
    this.#start = start;
  }

  at(place: Place): Promise<Served> {
    const there = this.#running.get(place);
    if (there) return there;
    const served = this.#start(place).then(({ url, end }) => ({
      url,
      end: () => {
        this.#running.delete(place);
        return end();
      },
    }));
    this.#running.set(place, served);
    return served;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running.values()].map(async (served) => (await served).end()));
  }
}

/** Gives a data directory what a few days of use would leave there. */
export async function fillData(data: string, say: (what: string) => void): Promise<void> {
  const experiments = join(data, 'experiments');
  const sweep = join(experiments, EXPERIMENT_NAME);
  const grid = ['--policies', 'l2,flow', '--perturb', 'mass=4,sensor-noise=0.01'];
  const commands = [
    ['demos', 'generate', '--episodes', '20', '--out', DATASET],
    ['train', '--policy', 'flow', '--dataset', DATASET, '--steps', '120'],
    ['experiment', 'plan', sweep, ...grid, '--rollouts', '12', '--starts', '6'],
    ['experiment', 'run', sweep],
  ];
  for (const words of commands) {
    say(words.slice(0, 2).join(' '));
    await finish(start(CLI, ...words, '--data', data));
  }
  await mkdir(join(experiments, 'cut-off'));
  await writeFile(join(experiments, 'cut-off', 'plan.json'), '{"format": 1,');
}

function start(cli: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  // None outlives this program, however it ends.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

async function finish(child: ChildProcess): Promise<void> {
  const said = textOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`pictures: ${child.spawnargs.slice(2).join(' ')}: ${said.text}`);
}

async function listens(child: ChildProcess): Promise<string> {
  const said = textOf(child);
  for (;;) {
    const found = /http:\/\/\S+/.exec(said.text)?.[0];
    if (found) return found;
    if (child.exitCode !== null) throw new Error(`the server ended early: ${said.text}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  }
}

/** What a process writes, as it grows. */
function textOf({ stdout, stderr }: ChildProcess): { text: string } {
  const said = { text: '' };
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said.text += text;
    });
  }
  return said;
}
