import type { TextSpec } from '../config/condition.ts';
import { textSize } from '../config/condition-inputs.ts';
import {
  createTextEncoder,
  type EncodedText,
  type PretrainedEncoder,
  type TextEncoder,
} from './encoder.ts';

/** Instructions remembered, and bytes of their rows; the oldest is forgotten first. */
const MEMORY = { texts: 1024, bytes: 4 * 2 ** 20 };

/** A policy's text encoder that remembers what it has read. */
export class Reader {
  /** The row of the empty instruction. */
  readonly silence: Float32Array;
  readonly #encoder: TextEncoder;
  readonly #size: number;
  readonly #most: number;
  readonly #known = new Map<string, EncodedText>();

  private constructor(encoder: TextEncoder, size: number, silence: Float32Array) {
    this.#encoder = encoder;
    this.#size = size;
    this.#most = Math.min(MEMORY.texts, Math.ceil(MEMORY.bytes / (4 * size)));
    this.silence = silence;
  }

  /** @throws TextEncoderError as `createTextEncoder` */
  static async create(text: TextSpec, pretrained?: PretrainedEncoder): Promise<Reader> {
    const encoder = createTextEncoder(text, pretrained);
    return new Reader(encoder, textSize(text), (await encoder.encode('')).row);
  }

  /** @throws InstructionError for one that is too long */
  async read(instruction: string): Promise<EncodedText> {
    const known = this.#known.get(instruction);
    if (known) return known;
    const encoded = await this.#encoder.encode(instruction);
    if (this.#known.size >= this.#most) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(instruction, encoded);
    return encoded;
  }

  /** Rows of the network's text input, [batch, size]; silence where there is no instruction. */
  async readAll(instructions: readonly string[], batch: number): Promise<Float32Array> {
    const rows = new Float32Array(batch * this.#size);
    for (let i = 0; i < batch; i++) {
      const row = i < instructions.length ? (await this.read(instructions[i])).row : this.silence;
      rows.set(row, i * this.#size);
    }
    return rows;
  }
}
