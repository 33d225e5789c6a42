import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKPOINT_FILE } from '../../../server/storage/run-store.ts';
import { type InProcessServer, listenHere } from '../../support/in-process-server.ts';
import { rawRequest } from '../../support/raw-http.ts';
import { FRESH_RUN } from '../../support/runs.ts';

let server: InProcessServer;
let host: string;
let id: string;
beforeAll(async () => {
  server = await listenHere();
  ({ host } = new URL(server.url));
  const { runs } = server.workspace;
  ({ id } = await runs.create({ ...FRESH_RUN, status: 'done' }));
  await writeFile(join(runs.root, id, CHECKPOINT_FILE), 'w'.repeat(100_000));
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  rawRequest(server.url, { path, method, headers: { Host: host, ...headers } });

describe('the checkpoint of a run', () => {
  it('is sent whole, as a file of its own name', async () => {
    const { status, headers, body } = await get(`/runs/${id}/checkpoint.safetensors`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toBe(`attachment; filename="${id}.safetensors"`);
    expect(headers['content-length']).toBe('100000');
    expect(body).toBe('w'.repeat(100_000));
  });

  it('is not sent where only its headers are asked for', async () => {
    const path = `/runs/${id}/checkpoint.safetensors`;
    const { status, headers, body } = await get(path, {}, 'HEAD');
    expect([status, headers['content-length'], body]).toEqual([200, '100000', '']);
  });

  it.each([
    '/runs/nobody/checkpoint.safetensors',
    '/runs/..%2fpage/checkpoint.safetensors',
    '/runs/.trash/checkpoint.safetensors',
    '/runs/%00/checkpoint.safetensors',
  ])('is not found at %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: 'not-found' });
  });

  it('is all of a run that is sent', async () => {
    const { runs } = server.workspace;
    expect(await readFile(join(runs.root, id, 'run.json'), 'utf8')).toContain(id);
    for (const file of ['run.json', 'metrics.jsonl', '']) {
      expect((await get(`/runs/${id}/${file}`)).status).toBe(404);
    }
  });

  it('is said not to be there yet', async () => {
    const { runs } = server.workspace;
    const fresh = await runs.create({ ...FRESH_RUN, status: 'stopped' });
    const { status, body } = await get(`/runs/${fresh.id}/checkpoint.safetensors`);
    expect(status).toBe(409);
    expect(JSON.parse(body)).toMatchObject({ code: 'conflict' });
  });

  it('is kept from strangers', async () => {
    const path = `/runs/${id}/checkpoint.safetensors`;
    expect((await get(path, { Host: 'elsewhere.example' })).status).toBe(403);
    expect((await get(path, { Origin: 'http://elsewhere.example' })).status).toBe(403);
  });
});
