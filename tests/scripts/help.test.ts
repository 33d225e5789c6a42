import { describe, expect, it, vi } from 'vitest';
import { startManyCli } from '../support/cli.ts';

vi.setConfig({ testTimeout: 300_000 });

const { run } = startManyCli();

const COMMANDS: readonly (readonly string[])[] = [
  [],
  ['serve'],
  ['policy-server'],
  ['environment-server'],
  ['demos'],
  ['demos', 'generate'],
  ['demos', 'list'],
  ['demos', 'show'],
  ['demos', 'verify'],
  ['demos', 'export'],
  ['demos', 'import'],
  ['demos', 'check'],
  ['demos', 'edit'],
  ['demos', 'edit', 'delete'],
  ['demos', 'edit', 'relabel'],
  ['demos', 'edit', 'trim'],
  ['demos', 'edit', 'split'],
  ['demos', 'edit', 'merge'],
  ['demos', 'trash'],
  ['demos', 'restore'],
  ['train'],
  ['evaluate'],
  ['compare'],
  ['experiment'],
  ['experiment', 'plan'],
  ['experiment', 'run'],
  ['experiment', 'status'],
  ['experiment', 'merge'],
  ['experiment', 'report'],
  ['worker'],
  ['replay'],
  ['instructions'],
  ['doctor'],
  ['export'],
  ['latency'],
  ['lesson'],
  ['pictures'],
  ['pictures', 'generate'],
  ['pictures', 'train'],
  ['pictures', 'draw'],
  ['pictures', 'reflow'],
  ['pictures', 'export'],
  ['pictures', 'score'],
  ['policies'],
  ['reproduce'],
  ['bench'],
  ['bench', 'train'],
  ['bench', 'infer'],
  ['bench', 'pictures'],
  ['bench', 'memory'],
  ['bench', 'sim'],
  ['bench', 'rollouts'],
  ['bench', 'stream'],
];

describe.each(COMMANDS.map((words) => ({ words, title: words.join(' ') || 'the program' })))(
  '$title',
  ({ words }) => {
    it('explains itself and ends well', async () => {
      const { code, stdout, stderr } = await run(...words, '--help');
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain(`Usage: ${['forking-paths', ...words].join(' ')}`);
      expect(stdout).toContain('--help');
    });
  },
);

it('every command that the program lists explains itself above', async () => {
  const { stdout } = await run('--help');
  const listed = Array.from(
    stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm),
    ([, name]) => name,
  ).filter((name) => name !== 'help');
  const known = new Set(COMMANDS.map(([name]) => name));
  expect(listed.filter((name) => !known.has(name))).toEqual([]);
  expect(listed.length).toBeGreaterThan(6);
});

it('the version is that of the package', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  const { code, stdout } = await run('--version');
  expect(code).toBe(0);
  expect(stdout.trim()).toBe(manifest.version);
});
