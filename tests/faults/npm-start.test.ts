/** What a process manager or a container does: it starts `npm start`, and later asks npm to end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { connect as openSocket } from 'node:net';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { outputOf } from '../support/cli.ts';
import { importsOf, ROOT, sourcesIn } from '../support/sources.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000 });

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
}

/** The package with its own scripts, but for those that build: that is done already. */
async function builtPackage(): Promise<string> {
  const folder = await temporaryDirectory();
  const { scripts } = await readManifest();
  const built = Object.keys(scripts).filter((name) => name.startsWith('build'));
  const replaced = Object.fromEntries(built.map((name) => [name, 'node --version']));
  const manifest = { name: 'built', type: 'module', scripts: { ...scripts, ...replaced } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await symlink(join(ROOT, 'dist'), join(folder, 'dist'));
  return folder;
}

async function listens(port: number): Promise<boolean> {
  const socket = openSocket(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

it.skipIf(process.platform === 'win32').each([
  ['start', 'SIGTERM', 0],
  ['start', 'SIGINT', 0],
  ['run', 'SIGTERM', 0],
] as const)(
  'npm %s passes %s on to the server, and ends after it',
  async (script, signal, code) => {
    const data = await temporaryDirectory();
    const words = script === 'start' ? ['start', '--'] : ['run', '-s', 'fp', '--', 'serve'];
    const npm = spawn('npm', [...words, '--port', '0', '--data', data], {
      cwd: await builtPackage(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = outputOf(npm);
    const closed = once(npm, 'close');
    const port = await until(() => /:(\d+)\/\n/.exec(output.stdout)?.[1], 'the server to listen');
    npm.kill(signal);
    // 'close' comes once the server, which writes to the same pipe, has gone as well.
    expect(await closed).toEqual([code, null]);
    expect(output.stderr).toContain('stopping jobs, which keep what they have');
    expect(await listens(Number(port))).toBe(false);
  },
);

it('what a build takes is installed where development dependencies are left out', async () => {
  const { dependencies, devDependencies, scripts } = await readManifest();
  expect(scripts['build:node']).toMatch(/^tsc .* && node dist\/scripts\/bundle\.js$/);
  expect(scripts['build:page']).toMatch(/^vite /);
  expect(dependencies).toHaveProperty('typescript');
  expect(dependencies).toHaveProperty('vite');
  const compiled = ['sim', 'policies', 'demos', 'server', 'scripts']
    .flatMap(sourcesIn)
    .filter(({ path }) => !path.includes('scripts/tools/'));
  const packages = new Set(
    compiled
      .flatMap(({ text }) => importsOf(text))
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  const needed = ['node', ...packages];
  expect(needed.filter((name) => `@types/${name}` in devDependencies)).toEqual([]);
  expect([...packages].filter((name) => name in devDependencies)).toEqual([]);
});

it('npm knows every key of the project’s settings, and fetches nothing but packages', async () => {
  const settings = await readFile(join(ROOT, '.npmrc'), 'utf8');
  // The packages' own scripts would fetch, among others, 300 MB of libraries for CUDA.
  expect(settings.trim().split('\n')).toEqual(['ignore-scripts=true']);
});
