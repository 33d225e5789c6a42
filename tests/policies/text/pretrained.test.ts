import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import type { ConditionSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import { Random } from '../../../policies/random.ts';
import {
  createOnnxTextEncoder,
  createTextEncoder,
  TextEncoderError,
  WordPiece,
} from '../../../policies/text/index.ts';
import { embeddingModel } from '../../support/embedding-model.ts';
import { relativeError } from '../../support/engines.ts';
import { TINY_CONDITION, tinyReader } from '../../support/tiny-reader.ts';

const VOCABULARY = ['[CLS]', '[SEP]', '[UNK]', 'red', 'green', 'apple'];
const FEATURES = 4;
const TABLE = Random.of(4).fillNormal(new Float32Array(VOCABULARY.length * FEATURES));
const FILES = { name: 'tiny', model: 'a'.repeat(64), tokenizer: 'b'.repeat(64) };
const PIECES = new WordPiece(VOCABULARY);
const encoder = await createOnnxTextEncoder(embeddingModel(TABLE, FEATURES), FILES, PIECES);
const TEXT = {
  encoder: 'pretrained',
  ...FILES,
  tokens: 5,
  features: FEATURES,
  dropRate: 0.1,
} as const;
const CONDITION: ConditionSpec = { ...TINY_CONDITION, text: TEXT };

describe('an encoder exported to ONNX', () => {
  it('gives a vector a token', async () => {
    const { vectors, tokens, unknown } = await encoder.encode('green pear');
    expect(tokens).toEqual(['[CLS]', 'green', '[UNK]', '[SEP]']);
    expect(unknown).toEqual(['pear']);
    const row = (i: number) => [...TABLE.subarray(i * FEATURES, (i + 1) * FEATURES)];
    expect([...vectors]).toEqual([0, 4, 2, 1].flatMap(row));
  });

  it('reads a text once, those that were asked for longest ago excepted', async () => {
    const first = encoder.encode('red red');
    expect(encoder.encode('red red')).toBe(first);
    await Promise.all(Array.from({ length: 512 }, (_, i) => encoder.encode(`apple ${i}`)));
    expect(encoder.encode('red red')).not.toBe(first);
  });

  it('becomes rows that say where a token is', async () => {
    const { row } = await createTextEncoder(TEXT, encoder).encode('red');
    const present = Array.from({ length: 5 }, (_, i) => row[i * (FEATURES + 1) + FEATURES]);
    expect(present).toEqual([1, 1, 1, 0, 0]);
  });

  it('stands in for the learned one: the policy acts on what it says', async () => {
    const policy = tinyReader({ kind: 'flow' }, CONDITION);
    const planner = await new NetworkPolicy(createCompiledEngine(), policy, encoder).prepare(1, {
      sampler: { kind: 'euler', steps: 2 },
      guidance: 2,
    });
    const draw = async (text: string) => {
      const told = { instructions: [text] };
      return (await planner.draw(new Float32Array(6), [Random.of(1)], told)).chunk;
    };
    const red = await draw('red apple');
    expect(await draw('red apple')).toEqual(red);
    expect(relativeError(await draw('green apple'), red)).toBeGreaterThan(1e-5);
  });
});

describe('a policy that reads with an encoder from outside', () => {
  it.each([
    ['none', undefined, /expected "tiny" \(sha-256 a{64}\).*got none; name it with --text-encoder/],
    ['another file', { ...encoder, model: 'c'.repeat(64) }, /got "tiny" \(sha-256 c{64}\)/],
    ['another tokenizer', { ...encoder, tokenizer: 'c'.repeat(64) }, /sha-256 c{64}.*--tokenizer/],
    ['one of another size', { ...encoder, features: 3 }, /expected 4 numbers a token, got 3/],
  ])('refuses %s', (_, other, message) => {
    expect(() => createTextEncoder(TEXT, other)).toThrow(TextEncoderError);
    expect(() => createTextEncoder(TEXT, other)).toThrow(message);
  });

  it('takes the same file by another name', async () => {
    const renamed = { ...encoder, name: 'tiny-2' };
    expect((await createTextEncoder(TEXT, renamed).encode('red')).tokens).toHaveLength(3);
  });

  it('refuses more tokens than it has room for', async () => {
    const reading = createTextEncoder(TEXT, encoder).encode('red red red red');
    await expect(reading).rejects.toThrow('at most 5 tokens of tiny, got 6');
  });

  it('refuses a model that is no text encoder', async () => {
    const model = embeddingModel(TABLE, FEATURES, ['pixels']);
    const opening = createOnnxTextEncoder(model, FILES, PIECES);
    await expect(opening).rejects.toThrow(TextEncoderError);
    await expect(opening).rejects.toThrow('got pixels');
  });

  it('refuses a model that gives one vector for all tokens', async () => {
    const model = onnxProto.onnx.ModelProto.decode(embeddingModel(TABLE, FEATURES));
    const { graph } = model;
    if (!graph?.node?.[0]?.output || !graph.output) throw new Error('expected a graph');
    const [last] = graph.node.slice(-1);
    const sum = { opType: 'ReduceMean', input: last.output ?? [], output: ['pooled'] };
    graph.node.push(onnxProto.onnx.NodeProto.create(sum));
    graph.output = [
      onnxProto.onnx.ValueInfoProto.create({ ...graph.output[0], name: 'pooled', type: null }),
    ];
    const bytes = onnxProto.onnx.ModelProto.encode(model).finish();
    await expect(createOnnxTextEncoder(bytes, FILES, PIECES)).rejects.toThrow(
      /tiny: expected .*(a vector a token|an ONNX model)/,
    );
  });

  it('says so where the tokenizer has tokens that the model has not', async () => {
    const more = new WordPiece([...VOCABULARY, 'pear']);
    const other = await createOnnxTextEncoder(embeddingModel(TABLE, FEATURES), FILES, more);
    await expect(other.encode('pear')).rejects.toThrow(/name the tokenizer that belongs to it/);
  });

  describe('refuses a model', () => {
    const whole = embeddingModel(TABLE, FEATURES);
    const files = { ...FILES, name: 'broken' };
    const later = onnxProto.onnx.ModelProto.decode(whole);
    for (const set of later.opsetImport) set.version = 999;

    it.each([
      ['cut off', whole.subarray(0, whole.length / 2)],
      ['of nothing', new Uint8Array(0)],
      ['of something else', new TextEncoder().encode('a text, and no model at all')],
      ['of a later version', onnxProto.onnx.ModelProto.encode(later).finish()],
    ])('%s', async (_, bytes) => {
      const opening = createOnnxTextEncoder(bytes, files, PIECES);
      await expect(opening).rejects.toThrow(TextEncoderError);
      await expect(opening).rejects.toThrow(/broken: expected an ONNX model.*export it again/);
    });
  });
});
