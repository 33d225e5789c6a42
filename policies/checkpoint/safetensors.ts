/**
 * The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.
 *
 * @see https://huggingface.co/docs/safetensors/index#format
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { explainIssues } from '../config/issues.ts';
import { recordOf } from '../config/record.ts';

export interface TensorEntry {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** As which numbers lie in a file; BF16 keeps 8 of 24 digits of the mantissa. @default 'F32' */
  readonly dtype?: Dtype;
}

const BYTES = { F32: 4, BF16: 2 } as const;
type Dtype = keyof typeof BYTES;

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Free text by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that is not what it says it is. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 1024 * 1024;
/** What a file may hold besides its tensors, bytes. */
export const MOST_HEADER_BYTES = LENGTH_BYTES + MAX_HEADER_BYTES;
const MAX_TENSORS = 4096;
const METADATA = '__metadata__';

const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'BF16']),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = { [METADATA]: Object.fromEntries(metadata) };
  let end = 0;
  for (const [name, { shape, data, dtype = 'F32' }] of tensors) {
    const from = end;
    end += BYTES[dtype] * data.length;
    header[name] = { dtype, shape, data_offsets: [from, end] };
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  // Spaces bring the tensors to a multiple of eight bytes, so that they can be read in place.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  bytes.set(json, LENGTH_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  let offset = LENGTH_BYTES + headerBytes;
  for (const { data, dtype } of tensors.values()) {
    const written = dtype === 'BF16' ? shortened(data) : data;
    bytes.set(new Uint8Array(written.buffer, written.byteOffset, written.byteLength), offset);
    offset += written.byteLength;
  }
  return bytes;
}

/** The upper halves of f32 numbers, rounded to the nearest, to the even one where two are as near. */
function shortened(data: Float32Array): Uint16Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
}

function lengthened(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16;
  return new Float32Array(words.buffer);
}

const SEAL_KEY = 'sha256';
/** Where a digest begins: first of all metadata, which come first. */
const SEAL_START = LENGTH_BYTES + `{"${METADATA}":{"${SEAL_KEY}":"`.length;
/** What stands for a digest while it is taken. */
const BLANK = '0'.repeat(64);

/**
 * As `encodeSafetensors`, with the metadata "sha256": the digest of the whole file, in which these 64
 * characters are zeros.
 *
 * @cost a sixth more than to encode and write it
 */
export function encodeSealed({ tensors, metadata }: Safetensors): Uint8Array {
  // It comes first, where it is looked for.
  const sealed = new Map([[SEAL_KEY, BLANK], ...metadata]);
  const bytes = encodeSafetensors({ tensors, metadata: sealed });
  new TextEncoder().encodeInto(digestAround(bytes), bytes.subarray(SEAL_START));
  return bytes;
}

/**
 * The digest in a file's metadata, which fits the file.
 *
 * @param metadata of the same file
 * @throws CheckpointError where it has none, or one that does not fit
 */
export function checkSeal(bytes: Uint8Array, metadata: Safetensors['metadata']): string {
  const expected = sealOf(metadata);
  if (expected === undefined) return fail('its digest, "sha256", among the metadata', 'none');
  if (sealedDigest(bytes) !== expected)
    fail('its digest as the first of all metadata', 'it elsewhere');
  const got = digestAround(bytes);
  if (got !== expected) fail(`sha-256 ${expected.slice(0, 80)}`, got);
  return got;
}

/** The digest of a file that `encodeSealed` has made. */
export function sealedDigest(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(SEAL_START, SEAL_START + BLANK.length));
}

/** The digest a file claims; undefined for one that is not sealed. */
export function sealOf(metadata: Safetensors['metadata']): string | undefined {
  return metadata.get(SEAL_KEY);
}

function digestAround(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(bytes.subarray(0, SEAL_START))
    .update(BLANK)
    .update(bytes.subarray(SEAL_START + BLANK.length))
    .digest('hex');
}

/**
 * @throws CheckpointError for anything but a whole, consistent file of f32 and bf16 tensors
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length < LENGTH_BYTES) fail(`at least ${LENGTH_BYTES} bytes`, `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > Math.min(MAX_HEADER_BYTES, bytes.length - LENGTH_BYTES)) {
    fail(`a header within the file and under ${MAX_HEADER_BYTES} bytes`, `${headerBytes} bytes`);
  }
  const start = LENGTH_BYTES + headerBytes;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  const tensors = new Map<string, TensorEntry>();
  let expected = 0;
  const entries = [...header.entries].sort((a, b) => a[1].data_offsets[0] - b[1].data_offsets[0]);
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [from, to] = data_offsets;
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (from !== expected || to - from !== BYTES[dtype] * size || start + to > bytes.length) {
      fail(`tensor "${name}" of shape [${shape}] at byte ${expected}`, `bytes ${from} to ${to}`);
    }
    // A copy: the file's bytes may lie at an address no Float32Array can begin at. (Not `slice`,
    // which for a Buffer copies nothing.)
    const copy = new Uint8Array(bytes.subarray(start + from, start + to));
    const read =
      dtype === 'BF16'
        ? { data: lengthened(new Uint16Array(copy.buffer)), dtype }
        : { data: new Float32Array(copy.buffer) };
    tensors.set(name, { shape, ...read });
    expected = to;
  }
  if (start + expected !== bytes.length) {
    fail(`${start + expected} bytes in all`, `${bytes.length}`);
  }
  return { tensors, metadata: header.metadata };
}

function parseHeader(bytes: Uint8Array) {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CheckpointError('checkpoint: expected a JSON header, got something else', { cause });
  }
  const parsed = recordOf(z.string(), z.unknown()).safeParse(json);
  if (!parsed.success) fail('a JSON object as header', typeof json);
  const fields = Object.entries(parsed.data);
  if (fields.length > MAX_TENSORS) fail(`at most ${MAX_TENSORS} tensors`, `${fields.length}`);
  let metadata = new Map<string, string>();
  const entries: [string, z.infer<typeof entrySchema>][] = [];
  for (const [name, value] of fields) {
    if (name === METADATA) {
      const texts = recordOf(z.string(), z.string()).safeParse(value);
      if (!texts.success) fail('metadata of strings', explainIssues(texts.error));
      metadata = new Map(Object.entries(texts.data));
    } else {
      const entry = entrySchema.safeParse(value);
      if (!entry.success) fail(`an f32 or bf16 tensor "${name}"`, explainIssues(entry.error));
      entries.push([name, entry.data]);
    }
  }
  return { metadata, entries };
}

function fail(expected: string, got: string): never {
  throw new CheckpointError(
    `checkpoint: expected ${expected}, got ${got}; the file is damaged or no checkpoint`,
  );
}
