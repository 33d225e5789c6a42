import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CAT_SAYINGS } from '../../../demos/cats/index.ts';
import { TextEncoderError } from '../../../policies/text/index.ts';
import {
  checkTextEncoder,
  encoderFor,
  identifyTextEncoder,
  namedEncoder,
} from '../../../server/storage/text-encoder.ts';
import { colourLanguage } from '../../../sim/tasks/left-right-colour/language.ts';
import { embeddingModel } from '../../support/embedding-model.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const PIECES = ['[CLS]', '[SEP]', '[UNK]', 'red', 'green'];
const MODEL = embeddingModel(
  Float32Array.from({ length: 10 }, (_, i) => i),
  2,
);
const digestOf = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex');

let directory: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  await writeFile(join(directory, 'tiny.onnx'), MODEL);
  await writeFile(join(directory, 'vocab.txt'), PIECES.join('\n'));
  await writeFile(join(directory, 'others.txt'), [...PIECES, 'apple'].join('\n'));
  await mkdir(join(directory, 'alone'));
  await writeFile(join(directory, 'alone', 'tiny.onnx'), MODEL);
  await symlink(join(directory, 'tiny.onnx'), join(directory, 'link.onnx'));
});

const at = (name: string) => join(directory, name);
const TEXT = {
  encoder: 'pretrained' as const,
  name: 'tiny.onnx',
  model: digestOf(MODEL),
  tokenizer: digestOf(PIECES.join('\n')),
  tokens: 5,
  features: 2,
  dropRate: 0,
};

describe('a text encoder that is named by its path', () => {
  it('is known by the digests of its file and of the tokenizer beside it', async () => {
    const { name, model, tokenizer } = TEXT;
    const expected = { name, model, tokenizer };
    expect(await identifyTextEncoder({ textEncoder: at('tiny.onnx') })).toEqual(expected);
    expect(await identifyTextEncoder({})).toBeNull();
  });

  it('reads, and is opened once', async () => {
    const place = { textEncoder: at('tiny.onnx') };
    const encoder = await encoderFor(place, TEXT);
    expect((await encoder?.encode('red'))?.vectors).toEqual(Float32Array.of(0, 1, 6, 7, 2, 3));
    expect(await namedEncoder(place)).toBe(encoder);
  });

  it('may have its tokenizer elsewhere', async () => {
    const place = { textEncoder: at('alone/tiny.onnx'), tokenizer: at('vocab.txt') };
    expect(await encoderFor(place, TEXT)).toMatchObject({ features: 2 });
  });

  it('is not asked for by a policy that has learnt its words, or reads none', async () => {
    const learned = {
      encoder: 'learned' as const,
      vocabulary: [],
      tokens: 4,
      layers: 1,
      dropRate: 0,
    };
    const place = { textEncoder: at('nowhere.onnx') };
    expect(await encoderFor(place, learned)).toBeUndefined();
    await expect(checkTextEncoder(place, undefined)).resolves.toBeUndefined();
  });

  it.each([
    ['nothing', {}, /expected "tiny\.onnx" \(sha-256 [0-9a-f]{64}\).*got none; name it/],
    ['a tokenizer alone', { tokenizer: 'vocab.txt' }, /expected --text-encoder FILE beside/],
    ['a file that is not there', { textEncoder: 'gone.onnx' }, /gone\.onnx.*nothing of that name/],
    ['a link', { textEncoder: 'link.onnx' }, /link\.onnx.*a link, a directory or a device/],
    ['a directory', { textEncoder: 'alone' }, /alone.*a link, a directory or a device/],
    ['one without a tokenizer', { textEncoder: 'alone/tiny.onnx' }, /or vocab\.txt beside it, got/],
    ['another file', { textEncoder: 'others.txt' }, /got "others\.txt" \(sha-256/],
    [
      'another tokenizer',
      { textEncoder: 'tiny.onnx', tokenizer: 'others.txt' },
      /got the tokenizer of sha-256 .*--tokenizer FILE/,
    ],
    [
      'a model for a tokenizer',
      { textEncoder: 'tiny.onnx', tokenizer: 'tiny.onnx' },
      /tokenizer .*tiny\.onnx: expected tokenizer\.json or vocab\.txt/,
    ],
  ])('is refused where it is %s', async (_, names, message) => {
    const place = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, at(name)]));
    const asked = encoderFor(place, TEXT);
    await expect(asked).rejects.toThrow(TextEncoderError);
    await expect(asked).rejects.toThrow(message);
  });
});

/** A sentence transformer's `model.onnx` with its tokenizer beside it; never part of the repository. */
const REAL = process.env.TEXT_ENCODER;

describe.skipIf(REAL === undefined)('a real sentence transformer', () => {
  it('reads all that people say within the room that policies and painters have', async () => {
    const { encode, features } = (await namedEncoder({ textEncoder: REAL })) ?? expect.fail('none');
    const said = [
      ...colourLanguage.phrases.map((each) => ({ ...each, room: 24 })),
      ...colourLanguage.sayings.map((each) => ({ ...each, room: 24 })),
      ...CAT_SAYINGS.map((each) => ({ ...each, room: 23 })),
    ];
    for (const { text, room } of said) {
      const { tokens, vectors, unknown } = await encode(text);
      expect(tokens.length, text).toBeLessThanOrEqual(room);
      expect(vectors.length).toBe(tokens.length * features);
      expect(unknown, text).toEqual([]);
    }
  });
});
