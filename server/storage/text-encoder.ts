import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FileError, readRegular, sha256 } from '../../demos/files/index.ts';
import type { TextSpec } from '../../policies/config/index.ts';
import {
  checkEncoder,
  type EncoderIdentity,
  type PretrainedEncoder,
  TextEncoderError,
} from '../../policies/text/encoder.ts';
import { createOnnxTextEncoder } from '../../policies/text/onnx-encoder.ts';
import { readTokenizer } from '../../policies/text/tokenizer-file.ts';

/** A text encoder that a person named: its file, and its tokenizer's where that is not beside it. */
export interface TextEncoderPlace {
  readonly textEncoder?: string | undefined;
  readonly tokenizer?: string | undefined;
}

/** What is believed of the files, bytes: four times a large encoder of sentences, and its pieces. */
const MOST_BYTES = { model: 2 * 2 ** 30 - 1, tokenizer: 32 * 2 ** 20 };
/** What a tokenizer's file is called beside its model, the first that is there. */
const TOKENIZERS = ['tokenizer.json', 'vocab.txt'] as const;

/** Which files they are, and what is in them until somebody reads with them. */
interface Found {
  readonly identity: Omit<EncoderIdentity, 'features'>;
  open(): Promise<PretrainedEncoder>;
}

/** What this process has read: a file that is exchanged meanwhile is read by the next. */
const known = new Map<string, Promise<Found>>();

/**
 * Which encoder the files are, without ONNX Runtime.
 *
 * @returns null where none was named
 * @throws TextEncoderError for files that are not there, too large, or no tokenizer
 * @cost 0.1 s for 23 MB, once a process
 */
export async function identifyTextEncoder(
  place: TextEncoderPlace,
): Promise<Found['identity'] | null> {
  return (await find(place))?.identity ?? null;
}

/**
 * The encoder that was named, ready to read; undefined where none was.
 *
 * @throws TextEncoderError where what was named is none
 * @cost 0.3 s for 23 MB, once a process
 */
export async function namedEncoder(
  place: TextEncoderPlace,
): Promise<PretrainedEncoder | undefined> {
  return (await find(place))?.open();
}

/**
 * What a policy reads with beside its own network.
 *
 * @param text how it reads; undefined where it does not
 * @returns undefined where it needs nothing
 * @throws TextEncoderError where what was named is not what it was trained with
 */
export async function encoderFor(
  place: TextEncoderPlace,
  text: TextSpec | undefined,
): Promise<PretrainedEncoder | undefined> {
  if (text?.encoder !== 'pretrained') return undefined;
  await checkTextEncoder(place, text);
  return namedEncoder(place);
}

/** The same, but for opening it. */
export async function checkTextEncoder(
  place: TextEncoderPlace,
  text: TextSpec | undefined,
): Promise<void> {
  if (text?.encoder !== 'pretrained') return;
  checkEncoder(text, (await identifyTextEncoder(place)) ?? undefined);
}

async function find({ textEncoder, tokenizer }: TextEncoderPlace): Promise<Found | null> {
  if (textEncoder === undefined) {
    if (tokenizer === undefined) return null;
    throw new TextEncoderError(
      'tokenizer: expected --text-encoder FILE beside --tokenizer FILE, got none; name the model, too',
    );
  }
  const key = JSON.stringify([resolve(textEncoder), tokenizer && resolve(tokenizer)]);
  const found = known.get(key) ?? read(resolve(textEncoder), tokenizer && resolve(tokenizer));
  known.set(key, found);
  // What is put right meanwhile is found the next time.
  found.catch(() => known.delete(key));
  return found;
}

async function read(model: string, given: string | undefined): Promise<Found> {
  const bytes = await readNamed(model, 'model');
  const tokenizerPath = given ?? (await tokenizerBeside(model));
  const tokenizerBytes = await readNamed(tokenizerPath, 'tokenizer');
  const tokenizer = readTokenizer(tokenizerBytes, tokenizerPath);
  const identity = {
    name: basename(model).slice(0, 200),
    model: sha256(bytes),
    tokenizer: sha256(tokenizerBytes),
  };
  let opened: Promise<PretrainedEncoder> | undefined;
  return {
    identity,
    open() {
      opened ??= createOnnxTextEncoder(bytes, identity, tokenizer);
      return opened;
    },
  };
}

async function tokenizerBeside(model: string): Promise<string> {
  for (const name of TOKENIZERS) {
    const path = join(dirname(model), name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new TextEncoderError(
    `text encoder ${model}: expected ${TOKENIZERS.join(' or ')} beside it, got neither; name its ` +
      'tokenizer with --tokenizer FILE',
  );
}

async function readNamed(path: string, what: keyof typeof MOST_BYTES): Promise<Buffer> {
  const most = MOST_BYTES[what];
  try {
    return await readRegular(dirname(path), basename(path), most);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    const option = what === 'model' ? '--text-encoder' : '--tokenizer';
    const got = {
      missing: 'nothing of that name',
      'not-regular': 'a link, a directory or a device',
      'too-large': `one of more than ${most} bytes`,
      locked: 'one that is locked',
    }[cause.code];
    throw new TextEncoderError(
      `text encoder: expected ${path} to be its ${what}, a regular file, got ${got}; name another ` +
        `with ${option} FILE`,
      { cause },
    );
  }
}
