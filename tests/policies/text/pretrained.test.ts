import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import type { ConditionSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import { Random } from '../../../policies/random.ts';
import {
  createOnnxTextEncoder,
  createTextEncoder,
  InstructionError,
  WordPiece,
} from '../../../policies/text/index.ts';
import { embeddingModel } from '../../support/embedding-model.ts';
import { relativeError } from '../../support/engines.ts';
import { TINY_CONDITION, tinyReader } from '../../support/tiny-reader.ts';

const VOCABULARY = ['[CLS]', '[SEP]', '[UNK]', 'red', 'green', 'apple'];
const FEATURES = 4;
const TABLE = Random.of(4).fillNormal(new Float32Array(VOCABULARY.length * FEATURES));
const encoder = await createOnnxTextEncoder(embeddingModel(TABLE, FEATURES), {
  name: 'tiny',
  features: FEATURES,
  tokenizer: new WordPiece(VOCABULARY),
});
const TEXT = {
  encoder: 'pretrained',
  name: 'tiny',
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
    ['none', undefined, /expected "tiny" with 4 features a token, got none/],
    ['another', { ...encoder, name: 'other' }, /got "other" with 4/],
    ['one of another size', { ...encoder, features: 3 }, /got "tiny" with 3/],
  ])('refuses %s', (_, other, message) => {
    expect(() => createTextEncoder(TEXT, other)).toThrow(InstructionError);
    expect(() => createTextEncoder(TEXT, other)).toThrow(message);
  });

  it('refuses more tokens than it has room for', async () => {
    const reading = createTextEncoder(TEXT, encoder).encode('red red red red');
    await expect(reading).rejects.toThrow('at most 5 tokens of tiny, got 6');
  });

  it('refuses a model that gives vectors of another size', async () => {
    const model = embeddingModel(TABLE, FEATURES);
    const wrong = await createOnnxTextEncoder(model, {
      name: 'wrong',
      features: 3,
      tokenizer: new WordPiece(VOCABULARY),
    });
    await expect(wrong.encode('red')).rejects.toThrow('expected f32 [1,3,3], got [1,3,4]');
  });

  it('refuses a model that is no text encoder', async () => {
    const model = embeddingModel(TABLE, FEATURES, ['pixels']);
    const options = { name: 'eyes', features: FEATURES, tokenizer: new WordPiece(VOCABULARY) };
    await expect(createOnnxTextEncoder(model, options)).rejects.toThrow('got pixels');
  });

  describe('refuses a model', () => {
    const whole = embeddingModel(TABLE, FEATURES);
    const options = { name: 'broken', features: FEATURES, tokenizer: new WordPiece(VOCABULARY) };
    const later = onnxProto.onnx.ModelProto.decode(whole);
    for (const set of later.opsetImport) set.version = 999;

    it.each([
      ['cut off', whole.subarray(0, whole.length / 2)],
      ['of nothing', new Uint8Array(0)],
      ['of something else', new TextEncoder().encode('a text, and no model at all')],
      ['of a later version', onnxProto.onnx.ModelProto.encode(later).finish()],
    ])('%s', async (_, bytes) => {
      const opening = createOnnxTextEncoder(bytes, options);
      await expect(opening).rejects.toThrow(InstructionError);
      await expect(opening).rejects.toThrow(/broken: expected an ONNX model.*export it again/);
    });
  });
});
