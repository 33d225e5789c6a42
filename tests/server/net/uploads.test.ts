import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../server/protocol/index.ts';
import { type InProcessServer, listenHere } from '../../support/in-process-server.ts';
import { rawRequest } from '../../support/raw-http.ts';
import { demonstrateMode } from '../../support/simulation.ts';

let server: InProcessServer;
let hash: string;
beforeAll(async () => {
  server = await listenHere();
  const { datasets } = server.workspace;
  const dataset = await datasets.create('mine', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1)]);
  ({ hash } = dataset);
});

const ZIP = { 'content-type': 'application/zip' };

const bring = (name: string, body: BodyInit, headers: Record<string, string> = ZIP) =>
  fetch(new URL(`datasets/${name}`, server.url), { method: 'POST', body, headers });

describe('a dataset', () => {
  it('is sent as an archive, and the archive brings it back', async () => {
    const response = await fetch(new URL('datasets/mine/dataset.zip', server.url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="mine.zip"');
    const archive = await response.arrayBuffer();
    expect(Number(response.headers.get('content-length'))).toBe(archive.byteLength);
    const brought = await bring('yours', archive);
    expect(brought.status).toBe(201);
    expect(await brought.json()).toMatchObject({
      dataset: { name: 'yours', hash, episodes: 1 },
      notes: [],
    });
    expect((await server.workspace.datasets.open('yours')).hash).toBe(hash);
    expect(await readdir(join(server.workspace.datasets.root, '.staging'))).toEqual([]);
  });

  it('that is none leaves nothing behind, and the answer says what was expected', async () => {
    const response = await bring('none', Buffer.from('PK, but no archive'));
    expect(response.status).toBe(422);
    const { code, message } = (await response.json()) as { code: string; message: string };
    expect([code, message]).toEqual([
      'damaged',
      expect.stringContaining('expected the end of a ZIP'),
    ]);
    expect(await readdir(join(server.workspace.datasets.root, '.staging'))).toEqual([]);
    expect((await fetch(new URL('datasets/none/dataset.zip', server.url))).status).toBe(404);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['of another type', 'other', { 'content-type': 'text/plain' }, 400],
    ['of a page elsewhere', 'other', { ...ZIP, origin: 'http://elsewhere.example' }, 403],
    ['under a name that leads elsewhere', '..%2Fother', ZIP, 400],
  ])('%s is refused', async (_, name, headers, status) => {
    const response = await bring(name, Buffer.from('x'), headers);
    expect(response.status).toBe(status);
    const names = (await server.workspace.datasets.list()).map((each) => each.name);
    expect(names).not.toContain('other');
  });

  it('that says it is too large is refused before it is read', async () => {
    const { host } = new URL(server.url);
    const { status } = await rawRequest(server.url, {
      path: '/datasets/other',
      method: 'POST',
      headers: { Host: host, ...ZIP, 'Content-Length': String(LIMITS.importBytes + 1) },
    });
    expect(status).toBe(400);
  });
});
