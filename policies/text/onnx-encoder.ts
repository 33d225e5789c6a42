import type { InferenceSession } from 'onnxruntime-node';
import { loadRuntime, RUNTIME_NAME, type Runtime } from '../engine/runtime.ts';
import type { PretrainedEncoder } from './encoder.ts';
import { InstructionError } from './tokenizer.ts';

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

/**
 * A text encoder exported to ONNX, such as a sentence transformer: `input_ids` and
 * `attention_mask` (and `token_type_ids`) int64 [1, L] in, its first output f32 [1, L, F].
 *
 * @param bytes the model
 * @throws InstructionError where the model cannot be read, or has other inputs
 * @throws EngineError where ONNX Runtime cannot be loaded
 */
export async function createOnnxTextEncoder(
  bytes: Uint8Array,
  { name, features, tokenizer }: { name: string; features: number; tokenizer: SubwordTokenizer },
): Promise<PretrainedEncoder & { dispose(): Promise<void> }> {
  const runtime = await loadRuntime();
  const session = await openSession(runtime, bytes, name);
  const foreign = session.inputNames.filter((input) => ![IDS, MASK, SEGMENTS].includes(input));
  if (foreign.length > 0 || !session.inputNames.includes(IDS)) {
    await session.release();
    throw new InstructionError(
      `text encoder ${name}: expected the inputs ${IDS}, ${MASK} and perhaps ${SEGMENTS}, ` +
        `got ${session.inputNames.join(', ')}; export it as a feature extractor`,
    );
  }
  return {
    name,
    features,
    async encode(instruction) {
      const { ids, tokens, unknown } = tokenizer.tokenize(instruction);
      const results = await session.run(feedsOf(runtime, session, ids));
      const { dims, data } = results[session.outputNames[0]];
      const shape = [1, ids.length, features];
      if (!(data instanceof Float32Array) || dims.join() !== shape.join()) {
        throw new InstructionError(
          `text encoder ${name}: expected f32 [${shape}], got [${dims}]; it is another model`,
        );
      }
      return { vectors: data, tokens, unknown };
    },
    dispose: () => session.release(),
  };
}

async function openSession(
  { InferenceSession }: Runtime,
  bytes: Uint8Array,
  name: string,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  } catch (cause) {
    throw new InstructionError(
      `text encoder ${name}: expected an ONNX model that ${RUNTIME_NAME} ` +
        `reads, got ${bytes.length} bytes that are damaged or of ` +
        'another version; export it again',
      { cause },
    );
  }
}

function feedsOf({ Tensor }: Runtime, session: InferenceSession, ids: readonly number[]) {
  const row = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const all: Record<string, ReturnType<typeof row>> = {
    [IDS]: row(ids),
    [MASK]: row(ids.map(() => 1)),
    [SEGMENTS]: row(ids.map(() => 0)),
  };
  return Object.fromEntries(session.inputNames.map((name) => [name, all[name]]));
}
