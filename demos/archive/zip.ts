/**
 * ZIP archives (PKWARE APPNOTE 6.3): written without compression, as Parquet files are compressed
 * already; read with or without, as another program may have packed them again. No ZIP64, no
 * encryption, no links.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { DatasetError } from '../store/errors.ts';

/** A file of an archive. */
export interface ArchiveEntry {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What is believed of an archive. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Of one file unpacked, and of all together. */
  readonly entryBytes: number;
  readonly bytes: number;
}

const LOCAL = { signature: 0x04034b50, size: 30 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const END = { signature: 0x06054b50, size: 22 };
/** Longest comment behind the end. */
const MOST_COMMENT = 65_535;
const MOST_ENTRIES = 65_534;
const MOST_BYTES = 2 ** 32 - 1;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Names are UTF-8. */
const UTF8 = 0x800;
/** Where the upper half of the external attributes says so: a symbolic link, of all file types. */
const LINK = 0xa000;
const FILE_TYPES = 0xf000;
/** 1 January 1980, the first day there is: the same content gives the same archive. */
const FIRST_DAY = 0x21;

const inflate = promisify(inflateRaw);

/**
 * Writes an archive of files that come one after the other.
 *
 * @param path of the archive, which is not there yet
 * @returns its size, bytes
 * @throws DatasetError 'mismatch' beyond what an archive can hold
 */
export async function writeZip(
  path: string,
  entries: AsyncIterable<ArchiveEntry>,
): Promise<number> {
  const file = await open(path, 'wx');
  try {
    const directory: Buffer[] = [];
    let at = 0;
    const write = async (bytes: Uint8Array) => {
      await file.writeFile(bytes);
      at += bytes.length;
    };
    for await (const { path: name, content } of entries) {
      if (at + content.length > MOST_BYTES || directory.length >= MOST_ENTRIES) {
        throw new DatasetError(
          'mismatch',
          `archive: expected at most ${MOST_ENTRIES} files and 4 GiB, got more; export a directory`,
        );
      }
      const { local, central } = headersOf(name, content, at);
      directory.push(central);
      await write(local);
      await write(content);
    }
    const begins = at;
    for (const header of directory) await write(header);
    await write(endOf(directory.length, at - begins, begins));
    await file.sync();
    return at;
  } finally {
    await file.close();
  }
}

function headersOf(path: string, content: Uint8Array, at: number) {
  const name = Buffer.from(path, 'utf8');
  // From the version it needs to the length of its name, both headers are alike.
  const common = Buffer.alloc(24);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(UTF8, 2);
  common.writeUInt16LE(STORED, 4);
  common.writeUInt16LE(FIRST_DAY, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.alloc(LOCAL.size);
  local.writeUInt32LE(LOCAL.signature, 0);
  common.copy(local, 4);
  const central = Buffer.alloc(CENTRAL.size);
  central.writeUInt32LE(CENTRAL.signature, 0);
  central.writeUInt16LE(20, 4);
  common.copy(central, 6);
  central.writeUInt32LE(at, 42);
  return { local: Buffer.concat([local, name]), central: Buffer.concat([central, name]) };
}

function endOf(entries: number, size: number, at: number): Buffer {
  const end = Buffer.alloc(END.size);
  end.writeUInt32LE(END.signature, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return end;
}

interface Located {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/**
 * The files of an archive, one after the other, each looked at: nothing of it is believed before its
 * checksum, and no path leads out of the directory it is unpacked into.
 *
 * @throws DatasetError 'damaged' for what is no archive, or one that breaks off; 'invalid-name' for a
 *         path that leads elsewhere; 'mismatch' for what is larger than the limits
 */
export async function* readZip(
  path: string,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (const located of await readDirectory(file, size, limits)) {
      if (located.path.endsWith('/')) continue;
      yield { path: located.path, content: await readContent(file, size, located) };
    }
  } finally {
    await file.close();
  }
}

async function readDirectory(
  file: FileHandle,
  size: number,
  limits: ArchiveLimits,
): Promise<Located[]> {
  const tail = await readAt(file, size, Math.max(0, size - END.size - MOST_COMMENT), size);
  let at = tail.length - END.size;
  while (at >= 0 && tail.readUInt32LE(at) !== END.signature) at--;
  if (at < 0) throw broken('the end of a ZIP archive', 'none');
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const begins = tail.readUInt32LE(at + 16);
  if (count > limits.entries) throw tooLarge(`${limits.entries} files`, String(count));
  if (begins + length > size) throw broken('a list of its files', 'one beyond its end');
  const list = await readAt(file, size, begins, begins + length);
  const located: Located[] = [];
  const paths = new Set<string>();
  let total = 0;
  for (let entry = 0, from = 0; entry < count; entry++) {
    if (from + CENTRAL.size > list.length || list.readUInt32LE(from) !== CENTRAL.signature) {
      throw broken(`${count} files`, String(entry));
    }
    const nameLength = list.readUInt16LE(from + 28);
    const next =
      from +
      CENTRAL.size +
      nameLength +
      list.readUInt16LE(from + 30) +
      list.readUInt16LE(from + 32);
    if (next > list.length) throw broken(`${count} files`, String(entry));
    const name = list.toString('utf8', from + CENTRAL.size, from + CENTRAL.size + nameLength);
    checkPath(name);
    const found: Located = {
      path: name,
      method: list.readUInt16LE(from + 10),
      crc: list.readUInt32LE(from + 16),
      packed: list.readUInt32LE(from + 20),
      size: list.readUInt32LE(from + 24),
      at: list.readUInt32LE(from + 42),
    };
    if (list.readUInt16LE(from + 8) & ENCRYPTED)
      throw broken('files that can be read', 'encrypted ones');
    if ((list.readUInt16LE(from + 40) & FILE_TYPES) === LINK) {
      throw new DatasetError('invalid-name', `archive: expected files, got a link ${quoted(name)}`);
    }
    if (found.method !== STORED && found.method !== DEFLATED) {
      throw broken('files stored or deflated', `method ${found.method} for ${quoted(name)}`);
    }
    total += found.size;
    if (found.size > limits.entryBytes || total > limits.bytes) {
      throw tooLarge(`${limits.entryBytes} bytes a file and ${limits.bytes} in all`, `${total}`);
    }
    if (paths.has(name)) throw broken('each file once', `${quoted(name)} twice`);
    paths.add(name);
    located.push(found);
    from = next;
  }
  return located;
}

/** @throws DatasetError 'invalid-name' where it leads out of where it is unpacked */
function checkPath(path: string): void {
  const parts = path.replace(/\/$/, '').split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  const odd = path.includes('\\') || path.includes('\0') || /^[a-z]:/i.test(path);
  if (plain && !odd && path.length <= 1024) return;
  throw new DatasetError(
    'invalid-name',
    `archive: expected paths within it, got ${quoted(path)}; nothing was unpacked`,
  );
}

async function readContent(file: FileHandle, end: number, located: Located): Promise<Buffer> {
  const { path, method, crc, packed, size, at } = located;
  const header = await readAt(file, end, at, at + LOCAL.size);
  if (header.readUInt32LE(0) !== LOCAL.signature) throw broken(`file ${quoted(path)}`, 'none');
  const from = at + LOCAL.size + header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = await readAt(file, end, from, from + packed);
  const content = method === STORED ? bytes : await unpack(path, bytes, size);
  if (content.length === size && crc32(content) === crc) return content;
  throw broken(`${quoted(path)} with checksum ${crc.toString(16)}`, crc32(content).toString(16));
}

async function unpack(path: string, bytes: Buffer, size: number): Promise<Buffer> {
  try {
    // One byte more would be another file than the list says.
    return await inflate(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw broken(`${size} bytes of ${quoted(path)}`, 'others', error);
  }
}

async function readAt(file: FileHandle, size: number, from: number, to: number): Promise<Buffer> {
  if (to > size) throw broken(`${to} bytes`, String(size));
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  if (bytesRead === bytes.length) return bytes;
  throw broken(`${bytes.length} bytes`, String(bytesRead));
}

function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 120));
}

function broken(expected: string, got: string, cause?: unknown): DatasetError {
  return new DatasetError(
    'damaged',
    `archive: expected ${expected}, got ${got}; download it again`,
    cause === undefined ? undefined : { cause },
  );
}

function tooLarge(expected: string, got: string): DatasetError {
  return new DatasetError(
    'mismatch',
    `archive: expected at most ${expected}, got ${got}; split the dataset`,
  );
}
