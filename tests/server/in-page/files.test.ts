import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { PageFiles } from '../../../server/in-page/files.ts';
import { SHIPMENT, type ShippedFile } from '../../../server/in-page/shipment.ts';

const BASE = 'https://host.example/blog/stage/';
const file: ShippedFile = { path: 'policies/l2/weights.bin', bytes: 3, packing: 'gzip' };

/** A host that has one file wherever it is asked. */
const hostOf = (body: BodyInit, status = 200) =>
  new PageFiles(BASE, async () => new Response(body, { status }));

it('are asked for below the folder of the page', async () => {
  const asked: string[] = [];
  const files = new PageFiles(BASE, async (url) => {
    asked.push(url);
    return new Response(new Uint8Array(gzipSync(Uint8Array.of(1, 2, 3))));
  });
  expect(await files.read(file)).toEqual(Uint8Array.of(1, 2, 3));
  expect(asked).toEqual([`${BASE}policies/l2/weights.bin`]);
});

it.each([
  ['is not there', hostOf('no', 404), 'not-found', 'status 404'],
  ['is shorter', hostOf(Uint8Array.of(1, 2)), 'damaged', 'expected 3 bytes unpacked, got 2'],
  ['is cut off', hostOf(Uint8Array.of(0x1f, 0x8b, 8, 0)), 'damaged', 'cannot be unpacked'],
  [
    'cannot be asked for',
    new PageFiles(BASE, async () => {
      throw new TypeError('Failed to fetch');
    }),
    'failed',
    'check the connection',
  ],
])('say what is wrong with one that %s, and what to do', async (_, files, code, said) => {
  const message = expect.stringContaining(said);
  await expect(files.read(file)).rejects.toMatchObject({ code, message });
  await expect(files.read(file)).rejects.toThrow(/reload/);
});

it.each([
  ['of another version', JSON.stringify({ shipment: SHIPMENT + 1 })],
  ['that is a host’s own page', '<!doctype html>'],
  ['of nothing', 'null'],
])('take no shipment %s', async (_, text) => {
  await expect(hostOf(text).shipment()).rejects.toMatchObject({ code: 'damaged' });
});
