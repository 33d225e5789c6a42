import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  checkpointBound,
  decodeCheckpoint,
  decodePolicy,
  encodeCheckpoint,
  encodePolicy,
} from '../../../policies/checkpoint/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../policies/checkpoint/safetensors.ts';
import { presetPolicy } from '../../../policies/config/index.ts';
import { TINY_TRAINING, tinyPolicy } from '../../support/tiny-policy.ts';

const policy = tinyPolicy({ kind: 'diffusion', steps: 50, prediction: 'v' });
const bytes = encodePolicy(policy);

/** Header and data of a safetensors file, read by hand as the format's page says. */
function readByHand(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return { header, data: file.subarray(8 + length), view };
}

/** The same file with another header. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const { header, data } = readByHand(bytes);
  const text = new TextEncoder().encode(JSON.stringify(change(header)));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

describe('a policy file', () => {
  it('gives back the policy, from a Buffer at any address too', () => {
    expect(decodePolicy(bytes)).toEqual(policy);
    for (const offset of [1, 2, 3]) {
      const larger = Buffer.alloc(bytes.length + 8);
      larger.set(bytes, offset);
      expect(decodePolicy(larger.subarray(offset, offset + bytes.length))).toEqual(policy);
    }
  });

  it.each([
    ['an LSTM', tinyPolicy({ kind: 'regression' }, { kind: 'lstm', hidden: 16, embedding: 16 })],
    ['a reflow', tinyPolicy({ kind: 'flow', time: 'beta', coupling: 'reflow' })],
  ])('gives back %s', (_, other) => {
    expect(decodePolicy(encodePolicy(other))).toEqual(other);
  });

  it('of a method that this version does not know says which it knows', () => {
    const other = withHeader(({ __metadata__, ...tensors }) => {
      const metadata = __metadata__ as { policy: string };
      const described = { ...JSON.parse(metadata.policy), method: 'consistency' };
      return { ...tensors, __metadata__: { ...metadata, policy: JSON.stringify(described) } };
    });
    expect(() => decodePolicy(other)).toThrow(CheckpointError);
    expect(() => decodePolicy(other)).toThrow(
      /expected a method of l2, .*, got "consistency"; a version that has it may have written this/,
    );
  });

  it('is a safetensors file with one f32 tensor a parameter', () => {
    const { header, data } = readByHand(bytes);
    const { __metadata__, ...tensors } = header;
    expect(Object.values(__metadata__).every((value) => typeof value === 'string')).toBe(true);
    let end = 0;
    for (const entry of Object.values(tensors) as { dtype: string; data_offsets: number[] }[]) {
      expect(entry.dtype).toBe('F32');
      expect(entry.data_offsets[0]).toBe(end);
      end = entry.data_offsets[1];
    }
    expect(end).toBe(data.length);
    expect(end).toBe(4 * policy.weights.length);
    expect((bytes.length - data.length) % 8).toBe(0);
  });

  it('is refused when it is cut off anywhere', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => decodePolicy(bytes.subarray(0, length))).toThrow(CheckpointError);
      }),
    );
  });

  it('is refused or read, and nothing else, whichever byte of its header is wrong', () => {
    const { data } = readByHand(bytes);
    const end = bytes.length - data.length;
    fc.assert(
      fc.property(fc.nat(end - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = bytes.slice();
        damaged[at] ^= flip;
        try {
          decodePolicy(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, (header: Record<string, unknown>) => unknown]>([
    ['no object', () => [1, 2]],
    [
      'a tensor that overlaps',
      (h) => ({ ...h, extra: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }),
    ],
    [
      'a tensor beyond the end',
      (h) => ({ ...h, extra: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] } }),
    ],
    [
      'a negative offset',
      (h) => ({ ...h, extra: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }),
    ],
    [
      'another element type',
      (h) => ({ ...h, extra: { dtype: 'F64', shape: [0], data_offsets: [0, 0] } }),
    ],
    ['no metadata', ({ __metadata__, ...h }) => h],
    [
      'another format',
      (h) => ({ ...h, __metadata__: { ...(h.__metadata__ as object), format: '99' } }),
    ],
    ['metadata that is no text', (h) => ({ ...h, __metadata__: { format: 1 } })],
    [
      'a spec with a key too many',
      (h) => edit(h, (p) => ({ ...p, spec: { ...(p.spec as object), exec: 'rm' } })),
    ],
    ['a spec of another network', (h) => edit(h, (p) => ({ ...p, observationDim: 4 }))],
    [
      'impossible horizons',
      (h) => edit(h, (p) => ({ ...p, spec: { ...(p.spec as object), predHorizon: 7 } })),
    ],
  ])('is refused with %s', (_, change) => {
    expect(() => decodePolicy(withHeader(change))).toThrow(CheckpointError);
  });

  it('is given its method where it was written before files named one', () => {
    const older = withHeader((h) => edit(h, ({ method: _, ...p }) => p));
    expect(decodePolicy(older)).toEqual(policy);
  });

  it('is refused with weights that are no numbers', () => {
    const broken = { ...policy, weights: policy.weights.slice() };
    broken.weights[7] = Number.NaN;
    expect(() => decodePolicy(encodePolicy(broken))).toThrow(/expected finite weights/);
  });
});

function edit(
  header: Record<string, unknown>,
  change: (policy: Record<string, unknown>) => unknown,
): Record<string, unknown> {
  const metadata = header.__metadata__ as Record<string, string>;
  const changed = JSON.stringify(change(JSON.parse(metadata.policy)));
  return { ...header, __metadata__: { ...metadata, policy: changed } };
}

describe('a checkpoint', () => {
  const vector = (value: number) => policy.weights.map((w) => w * value);
  const checkpoint = {
    policy,
    training: TINY_TRAINING,
    state: {
      step: 17,
      vectors: {
        weights: vector(2),
        moment1: vector(0.1),
        moment2: vector(0.01),
        ema: policy.weights,
      },
    },
  };

  it('gives back everything training needs, bit for bit', () => {
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual({ ...checkpoint, digest });
  });

  it('says its own sha-256, taken with zeros in its place', () => {
    const file = Buffer.from(encodeCheckpoint(checkpoint));
    const { digest } = decodeCheckpoint(file);
    const text = file.toString('latin1').replace(digest ?? '', '0'.repeat(64));
    expect(createHash('sha256').update(text, 'latin1').digest('hex')).toBe(digest);
    expect(readByHand(file).header.__metadata__).toMatchObject({ format: '2', sha256: digest });
  });

  it('is refused whichever bit of it is wrong', () => {
    const file = encodeCheckpoint(checkpoint);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
        const damaged = file.slice();
        damaged[at] ^= 1 << bit;
        expect(() => decodeCheckpoint(damaged)).toThrow(CheckpointError);
      }),
      {
        numRuns: 400,
        examples: [
          [8, 0],
          [file.length - 1, 7],
        ],
      },
    );
  });

  it('with a changed weight is refused with both digests', () => {
    const file = encodeCheckpoint(checkpoint);
    file[file.length - 1] ^= 1;
    expect(() => decodeCheckpoint(file)).toThrow(
      /expected sha-256 [0-9a-f]{64}, got [0-9a-f]{64}; the file is damaged/,
    );
  });

  /** As the version before wrote it. */
  const unsealed = (change: Record<string, string> = {}) => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    const { sha256: _, ...rest } = Object.fromEntries(metadata);
    const before = new Map(Object.entries({ ...rest, format: '1', ...change }));
    return encodeSafetensors({ tensors, metadata: before });
  };

  it('of the version before, without a digest, is read', () => {
    expect(decodeCheckpoint(unsealed())).toEqual({ ...checkpoint, digest: null });
  });

  it.each([
    ['that lost its digest', { format: '2' }],
    ['with a digest its format does not have', { sha256: '0'.repeat(64) }],
    ['of a format to come', { format: '3' }],
  ])('%s is refused', (_, change) => {
    expect(() => decodeCheckpoint(unsealed(change))).toThrow(CheckpointError);
  });

  it('is never larger than its bound, and the bound of the largest preset can be read', () => {
    const file = encodeCheckpoint(checkpoint);
    expect(file.length).toBeLessThan(checkpointBound(policy.spec));
    const paper = presetPolicy('paper', 'diffusion', { task: 'left-right', controlHz: 20 });
    expect(checkpointBound(paper)).toBeLessThan(2 ** 31);
  });

  it('keeps −0 and the smallest numbers', () => {
    const data = Float32Array.of(-0, 1e-45, 3.4e38, -1e-38);
    const tensors = new Map([['t', { shape: [4], data }]]);
    const read = decodeSafetensors(encodeSafetensors({ tensors, metadata: new Map() }));
    expect(Object.is(read.tensors.get('t')?.data[0], -0)).toBe(true);
    expect(read.tensors.get('t')?.data).toEqual(data);
  });

  it('of bf16 numbers holds the upper halves of f32, ties to even', () => {
    // 1 + 2^-8 lies between 1 and 1 + 2^-7, 1 + 3·2^-8 between that and 1 + 2^-6.
    const data = Float32Array.of(1, -1, Math.PI, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 0);
    const tensors = new Map([['x', { shape: [6], data, dtype: 'BF16' as const }]]);
    const file = encodeSafetensors({ tensors, metadata: new Map() });
    const words = new DataView(file.buffer, file.length - 12);
    const read = Array.from({ length: 6 }, (_, i) => words.getUint16(2 * i, true));
    expect(read).toEqual([0x3f80, 0xbf80, 0x4049, 0x3f80, 0x3f82, 0]);
    expect(decodeSafetensors(file).tensors.get('x')?.data).toEqual(
      Float32Array.of(1, -1, 3.140625, 1, 1 + 2 ** -6, 0),
    );
  });

  it('is not taken for a policy file, nor a policy file for it', () => {
    expect(() => decodePolicy(encodeCheckpoint(checkpoint))).toThrow(CheckpointError);
    expect(() => decodeCheckpoint(bytes)).toThrow(CheckpointError);
  });
});
