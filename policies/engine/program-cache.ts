import { createHash } from 'node:crypto';
import { z } from 'zod';
import { recordOf } from '../config/record.ts';
import { OPSET } from './graph/opset.ts';
import { KERNEL_OPERANDS, type KernelOp, type VectorTail } from './kernel/tail.ts';
import type { ProgramStore, TensorSpec } from './types.ts';

/** A traced function as it is kept: all that is needed to run it again without tracing. */
export interface StoredProgram {
  /** ONNX model; for the CPU alone, as ONNX Runtime has optimised it. */
  readonly model: Uint8Array;
  /** What is left out of the model, where something is. */
  readonly tail: VectorTail | null;
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  /** Floating-point operations of its largest matrix product. */
  readonly largestProduct: number;
}

/** Changes with the layout below: entries written otherwise are not read. */
const FORMAT = 'forking-paths program 4';
const DIGEST_BYTES = 32;
/** What programs are called in their store; whatever is called otherwise is no program. */
export const PROGRAM_NAME = /^[0-9a-f]{64}$/;

const KERNEL_OPS = Object.keys(KERNEL_OPERANDS) as KernelOp[];
const operand = z.int().min(0);
const names = z.array(z.string());

const tailSchema = z.strictObject({
  size: z.int().min(1),
  reads: names,
  vectors: names,
  scalars: z.int().min(0),
  constants: z.array(z.number()),
  steps: z.array(
    z
      .strictObject({ op: z.enum(KERNEL_OPS), of: z.array(operand) })
      .refine(({ op, of }) => of.length === KERNEL_OPERANDS[op]),
  ),
  outputs: z.array(z.strictObject({ name: z.string(), of: operand })),
});

const headerSchema = z.strictObject({
  identity: z.string(),
  outputShapes: recordOf(z.string(), z.array(z.int().min(0))),
  largestProduct: z.number().min(0),
  tail: tailSchema.nullable(),
});

/**
 * Programs by what they were made from. An entry is a SHA-256 digest of all that follows, the
 * length of a JSON header, the header and the model. One that is damaged, or was made by another
 * version or from another function, counts as missing: it is built again.
 */
export class ProgramCache {
  readonly #store: ProgramStore;

  constructor(store: ProgramStore) {
    this.#store = store;
  }

  /** What a program is made from: version, function with all it closes over, inputs. */
  identity(key: string, specs: readonly TensorSpec[]): string {
    return JSON.stringify([FORMAT, OPSET, this.#store.version, key, specs]);
  }

  async read(identity: string): Promise<StoredProgram | null> {
    const bytes = await this.#store.read(nameOf(identity));
    return bytes && decode(bytes, identity);
  }

  async write(identity: string, program: StoredProgram): Promise<void> {
    await this.#store.write(nameOf(identity), encode(program, identity));
  }

  /** As the store does. */
  lendFile<T>(use: (path: string | null) => Promise<T>): Promise<[T, Uint8Array | null]> {
    return this.#store.lendFile(use);
  }
}

function nameOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex');
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function encode({ model, ...rest }: StoredProgram, identity: string): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ identity, ...rest }));
  const content = new Uint8Array(4 + header.length + model.length);
  new DataView(content.buffer).setUint32(0, header.length, true);
  content.set(header, 4);
  content.set(model, 4 + header.length);
  const bytes = new Uint8Array(DIGEST_BYTES + content.length);
  bytes.set(digestOf(content));
  bytes.set(content, DIGEST_BYTES);
  return bytes;
}

function decode(bytes: Uint8Array, identity: string): StoredProgram | null {
  if (bytes.length < DIGEST_BYTES + 4) return null;
  const content = bytes.subarray(DIGEST_BYTES);
  const digest = digestOf(content);
  if (digest.some((byte, i) => byte !== bytes[i])) return null;
  // From here on the bytes are those that were written, by this version or by another.
  const length = new DataView(content.buffer, content.byteOffset).getUint32(0, true);
  if (4 + length > content.length) return null;
  const header = headerSchema.safeParse(parse(content.subarray(4, 4 + length)));
  if (!header.success || header.data.identity !== identity) return null;
  const { identity: _, ...rest } = header.data;
  return { model: content.subarray(4 + length), ...rest };
}

function parse(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
