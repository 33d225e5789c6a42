import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ArchiveEntry, readZip, writeZip } from '../../../demos/archive/zip.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const LIMITS = { entries: 100, entryBytes: 10_000, bytes: 20_000 };

async function* each(entries: readonly ArchiveEntry[]) {
  yield* entries;
}

const entry = (path: string, text: string): ArchiveEntry => ({ path, content: Buffer.from(text) });

async function written(...entries: readonly ArchiveEntry[]): Promise<string> {
  const path = join(await temporaryDirectory(), 'archive.zip');
  const size = await writeZip(path, each(entries));
  expect((await readFile(path)).length).toBe(size);
  return path;
}

async function read(path: string, limits = LIMITS): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { path: name, content } of readZip(path, limits)) {
    found.push([name, Buffer.from(content).toString()]);
  }
  return found;
}

/** The archive after something was done to its bytes. */
async function changed(path: string, change: (bytes: Buffer) => Buffer): Promise<string> {
  await writeFile(path, change(await readFile(path)));
  return path;
}

/**
 * By hand from the specification, one deflated file in it.
 *
 * @param claimed bytes that its headers say it has
 */
function deflated(name: string, text: string, claimed = text.length): Buffer {
  const content = deflateRawSync(Buffer.from(text));
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt32LE(crc32(text), 10);
  head.writeUInt32LE(content.length, 14);
  head.writeUInt32LE(claimed, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), content]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    head,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

describe('an archive', () => {
  it('gives back what was put in, in order, under any name and of any size', async () => {
    const path = await written(
      entry('a/b.txt', 'one'),
      entry('ä 文.bin', ''),
      entry('c', 'x'.repeat(9000)),
    );
    expect(await read(path)).toEqual([
      ['a/b.txt', 'one'],
      ['ä 文.bin', ''],
      ['c', 'x'.repeat(9000)],
    ]);
    expect(await read(await written())).toEqual([]);
  });

  it('of the same files is the same, byte for byte', async () => {
    const [one, two] = await Promise.all([written(entry('a', 'b')), written(entry('a', 'b'))]);
    expect(await readFile(one)).toEqual(await readFile(two));
  });

  it('that another program has compressed is read as well', async () => {
    const path = join(await temporaryDirectory(), 'other.zip');
    await writeFile(path, deflated('x.txt', 'hello hello hello hello'));
    expect(await read(path)).toEqual([['x.txt', 'hello hello hello hello']]);
  });

  it.each(['../a', 'a/../../b', '/etc/passwd', 'C:/a', 'a\\..\\b', 'a//b', './a', 'a\0b'])(
    'with the path %j is refused: it leads elsewhere, or means another file elsewhere',
    async (name) => {
      const path = await written(entry(name, 'x'));
      await expect(read(path)).rejects.toMatchObject({ code: 'invalid-name' });
    },
  );

  it('with a link, or the same file twice, is refused', async () => {
    const link = await changed(await written(entry('link', '/etc/passwd')), (bytes) => {
      bytes.writeUInt16LE(0xa1ff, bytes.indexOf('PK\x01\x02') + 40);
      return bytes;
    });
    await expect(read(link)).rejects.toMatchObject({ code: 'invalid-name' });
    const twice = await written(entry('a', 'x'), entry('a', 'y'));
    await expect(read(twice)).rejects.toMatchObject({ code: 'damaged' });
  });

  it.each([
    ['files', { ...LIMITS, entries: 1 }],
    ['bytes a file', { ...LIMITS, entryBytes: 99 }],
    ['bytes in all', { ...LIMITS, bytes: 150 }],
  ])('with more %s than is believed is refused before any is read', async (_, limits) => {
    const path = await written(entry('a', 'x'.repeat(100)), entry('b', 'x'.repeat(100)));
    await expect(read(path, limits)).rejects.toMatchObject({ code: 'mismatch' });
  });

  it('that unpacks to more than it says ends where it said it would', async () => {
    const path = join(await temporaryDirectory(), 'bomb.zip');
    await writeFile(path, deflated('bomb', '0'.repeat(1_000_000), 100));
    await expect(read(path)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('that breaks off anywhere, or has one byte changed, gives nothing wrong', async () => {
    const whole = await readFile(await written(entry('a/b', 'first'), entry('c', 'second')));
    const path = join(await temporaryDirectory(), 'cut.zip');
    for (let at = 0; at < whole.length; at++) {
      await writeFile(path, whole.subarray(0, at));
      await expect(read(path)).rejects.toMatchObject({ name: 'DatasetError' });
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x40;
      await writeFile(path, bytes);
      const found = await read(path).catch((error: Error) => error);
      if (found instanceof Error) expect(found.name).toBe('DatasetError');
      // Dates and attributes mean nothing here; names carry no checksum.
      else expect(JSON.stringify(found.map(([, text]) => text))).toBe('["first","second"]');
    }
  });
});
