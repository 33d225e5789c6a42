import type { Reader } from '../text/reader.ts';
import type { TrainingWindows } from '../training/windows.ts';
import { type Examples, pictureWindows } from './train.ts';

/** A picture that somebody drew, with a caption that is to mean it. */
export interface OwnPicture {
  /** [size, size, 3] in ±1 */
  readonly picture: Float32Array;
  readonly caption: string;
  /** Part of the training data that it becomes, 0 … 1. */
  readonly share: number;
}

/** Examples of which some can give their places to pictures that somebody drew, while they are learnt. */
export class LiveExamples {
  /** What is learnt at the moment. */
  readonly windows: TrainingWindows;
  readonly #examples: Examples;
  readonly #reader: Reader;
  /** Of the windows. */
  readonly #rows: Float32Array[];
  readonly #of: Uint32Array;
  /** As they are without pictures of one's own. */
  readonly #before: { readonly rows: number; readonly of: Uint32Array };

  private constructor(examples: Examples, reader: Reader, windows: TrainingWindows, text: Text) {
    this.windows = windows;
    this.#examples = examples;
    this.#reader = reader;
    this.#rows = text.rows;
    this.#of = text.of;
    this.#before = { rows: text.rows.length, of: text.of.slice() };
  }

  /** @throws InstructionError for a caption that is too long */
  static async create(examples: Examples, reader: Reader): Promise<LiveExamples> {
    const pictures = examples.pictures.slice();
    const { text, ...windows } = await pictureWindows({ ...examples, pictures }, reader);
    const own = { ...text, rows: [...text.rows] };
    return new LiveExamples(examples, reader, { ...windows, text: own }, own);
  }

  /**
   * Puts pictures in the place of the first examples, and those back that had given theirs. Which
   * pictures a step sees depends on its number alone, so the first are as good as any.
   *
   * @throws RangeError where they would take more places than there are
   * @throws InstructionError for a caption that is too long
   */
  async put(own: readonly OwnPicture[]): Promise<void> {
    const { pictures, captions } = this.#examples;
    const copies = own.map(({ share }) => Math.round(share * captions.length));
    const all = copies.reduce((sum, each) => sum + each, 0);
    if (!(all <= captions.length)) {
      throw new RangeError(
        `own pictures: expected at most the ${captions.length} places of all examples, got ${all}; ` +
          'let them be a smaller part of the data',
      );
    }
    const read = await Promise.all(own.map(({ caption }) => this.#reader.read(caption)));
    const { chunks } = this.windows;
    const numbers = chunks.length / captions.length;
    chunks.set(pictures);
    this.#of.set(this.#before.of);
    this.#rows.splice(this.#before.rows, this.#rows.length, ...read.map(({ row }) => row));
    let place = 0;
    for (const [i, { picture }] of own.entries()) {
      for (const end = place + copies[i]; place < end; place++) {
        chunks.set(picture, place * numbers);
        this.#of[place] = this.#before.rows + i;
      }
    }
  }
}

interface Text {
  readonly rows: Float32Array[];
  readonly of: Uint32Array;
}
