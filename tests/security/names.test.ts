/** Names that come over the socket: none leads out of the data directory. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from '../demos/store/support.ts';
import { type InProcessServer, listenHere } from '../support/in-process-server.ts';
import { connect, send } from '../support/server.ts';
import { demonstrateMode } from '../support/simulation.ts';

let server: InProcessServer;
let root: string;
beforeAll(async () => {
  server = await listenHere();
  root = server.workspace.place.data;
  const dataset = await server.workspace.datasets.create('mine', {
    task: 'left-right',
    controlHz: 20,
  });
  await dataset.append([demonstrateMode('left', 1)]);
  await mkdir(join(root, 'secret'));
  await writeFile(join(root, 'secret', 'run.json'), '{"secret":1}');
  await writeFile(join(root, 'secret', 'metrics.jsonl'), '{"secret":1}\n');
});

const WAYS_OUT = [
  '..',
  '../secret',
  '../../etc',
  'a/../../secret',
  '/etc',
  '..\\secret',
  '%2e%2e%2fsecret',
  '.staging',
  '.trash',
  'mine/../../secret',
  'mine\0',
  '~',
  'CON',
  '',
];

describe.each<[string, (name: string) => object]>([
  ['run:metrics', (id) => ({ id })],
  ['train:resume', (id) => ({ id })],
  ['train:stop', (id) => ({ id })],
  ['job:stop', (id) => ({ id })],
  ['train:start', (dataset) => ({ policy: 'l2', dataset })],
  ['demos:episodes', (name) => ({ name })],
  ['demos:trash', (name) => ({ name })],
  ['demos:restore', (id) => ({ id })],
  ['demos:restore', (name) => ({ id: `${name}.20250101T000000000Z` })],
  ['demos:generate', (out) => ({ episodes: 1, out })],
  ['demos:generate', (task) => ({ episodes: 1, out: 'made', task })],
  ['compare:start', (id) => ({ policies: [{ policy: { kind: 'run', id } }] })],
  [
    'stage:command',
    (id) => ({ kind: 'set', settings: { lanes: [{ policy: { kind: 'run', id } }] } }),
  ],
])('%s', (name, requestOf) => {
  it('refuses every way out and changes nothing', async () => {
    // A connection of its own: nobody may ask for so much at once.
    const socket = await connect(server.url);
    const before = await filesOf(root);
    for (const way of WAYS_OUT) {
      const answer = await send(socket, name, requestOf(way));
      expect(answer.ok, JSON.stringify(way)).toBe(false);
      if (answer.ok) continue;
      expect(answer.error.code, way).toMatch(/invalid-request|not-found/);
      expect(JSON.stringify(answer)).not.toContain('"secret\\":1');
    }
    expect(await filesOf(root)).toEqual(before);
    expect(await readFile(join(root, 'secret', 'run.json'), 'utf8')).toBe('{"secret":1}');
    expect(await readdir(join(root, 'datasets'))).toContain('mine');
  });
});
