import type { InferenceSession } from 'onnxruntime-node';
import { loadRuntime, openOnOneThread, RUNTIME_NAME, type Runtime } from '../engine/runtime.ts';
import {
  type EncodedTokens,
  type EncoderIdentity,
  type PretrainedEncoder,
  TextEncoderError,
} from './encoder.ts';

/** What an encoder's own tokenizer makes of a text; `WordPiece` is one. */
export interface SubwordTokenizer {
  tokenize(text: string): {
    /** Token numbers, the encoder's own marks of beginning and end included. */
    readonly ids: readonly number[];
    readonly tokens: readonly string[];
    readonly unknown: readonly string[];
  };
}

/** Inputs of a text encoder as Hugging Face's exporter names them. */
const IDS = 'input_ids';
const MASK = 'attention_mask';
const SEGMENTS = 'token_type_ids';

/** Texts remembered; the one that was asked for longest ago is forgotten first. */
const MEMORY = 512;
/** Largest vector of a token that is believed, as in the policy's spec. */
const MOST_FEATURES = 4096;

/**
 * A text encoder exported to ONNX, such as a sentence transformer: `input_ids` and
 * `attention_mask` (and `token_type_ids`) int64 [1, L] in, its first output f32 [1, L, F]. A text is
 * given to it once.
 *
 * @param bytes    the model
 * @param files    what it and its tokenizer are known by
 * @param subwords that tokenizer
 * @throws TextEncoderError where the model cannot be read, or has other inputs or outputs
 * @throws EngineError where ONNX Runtime cannot be loaded
 */
export async function createOnnxTextEncoder(
  bytes: Uint8Array,
  files: Omit<EncoderIdentity, 'features'>,
  subwords: SubwordTokenizer,
): Promise<PretrainedEncoder & { dispose(): Promise<void> }> {
  const { name } = files;
  const runtime = await loadRuntime();
  const session = await openSession(runtime, bytes, name);
  const encode = async (text: string): Promise<EncodedTokens> => {
    const { ids, tokens, unknown } = subwords.tokenize(text);
    const output = await runSession(session, feedsOf(runtime, session, ids), name);
    const { dims, data } = output;
    const [rows, length, size] = dims;
    const fits = dims.length === 3 && rows === 1 && length === ids.length && size <= MOST_FEATURES;
    if (fits && data instanceof Float32Array) return { vectors: data, tokens, unknown };
    throw new TextEncoderError(
      `text encoder ${name}: expected its first output f32 [1, ${ids.length}, F], a vector a token, ` +
        `got ${output.type} [${dims}]; export it as a feature extractor`,
    );
  };
  try {
    checkInputs(session, name);
    const { vectors, tokens } = await encode('');
    const features = vectors.length / tokens.length;
    return { ...files, features, encode: remember(encode), dispose: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Texts in the order in which they were asked for; one under way is waited for. */
function remember(
  encode: (text: string) => Promise<EncodedTokens>,
): (text: string) => Promise<EncodedTokens> {
  const known = new Map<string, Promise<EncodedTokens>>();
  return (text) => {
    const found = known.get(text) ?? encode(text);
    known.delete(text);
    known.set(text, found);
    if (known.size > MEMORY) known.delete(known.keys().next().value ?? '');
    found.catch(() => known.delete(text));
    return found;
  };
}

function checkInputs({ inputNames }: InferenceSession, name: string): void {
  const foreign = inputNames.filter((input) => ![IDS, MASK, SEGMENTS].includes(input));
  if (foreign.length === 0 && inputNames.includes(IDS)) return;
  throw new TextEncoderError(
    `text encoder ${name}: expected the inputs ${IDS}, ${MASK} and perhaps ${SEGMENTS}, ` +
      `got ${inputNames.join(', ').slice(0, 200)}; export it as a feature extractor`,
  );
}

/** Its first output. @throws TextEncoderError where it fails, as for tokens that it does not have */
async function runSession(session: InferenceSession, feeds: Feeds, name: string) {
  try {
    return (await session.run(feeds))[session.outputNames[0]];
  } catch (cause) {
    throw new TextEncoderError(
      `text encoder ${name}: expected it to read the tokens of its tokenizer, got a failure; name the ` +
        'tokenizer that belongs to it with --tokenizer FILE',
      { cause },
    );
  }
}

async function openSession(
  runtime: Runtime,
  bytes: Uint8Array,
  name: string,
): Promise<InferenceSession> {
  try {
    return await openOnOneThread(runtime, bytes);
  } catch (cause) {
    throw new TextEncoderError(
      `text encoder ${name}: expected an ONNX model that ${RUNTIME_NAME} ` +
        `reads, got ${bytes.length} bytes that are damaged or of ` +
        'another version; export it again',
      { cause },
    );
  }
}

type Feeds = InferenceSession.FeedsType;

function feedsOf({ Tensor }: Runtime, session: InferenceSession, ids: readonly number[]): Feeds {
  const row = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const all: Record<string, ReturnType<typeof row>> = {
    [IDS]: row(ids),
    [MASK]: row(ids.map(() => 1)),
    [SEGMENTS]: row(ids.map(() => 0)),
  };
  return Object.fromEntries(session.inputNames.map((name) => [name, all[name]]));
}
