import type { SamplerSpec } from '../config/sampler.ts';
import type { Engine, Program } from '../engine/types.ts';
import { pathOf } from '../methods/index.ts';
import type { NoiseStream } from '../random.ts';
import type { AttentionStep } from '../samplers/attention.ts';
import { stepFunction } from '../samplers/compile.ts';
import { composedProgram, type WeighedTexts } from '../samplers/composed-program.ts';
import { runLooped } from '../samplers/run.ts';
import { estimateOf } from '../samplers/states.ts';
import type { PretrainedEncoder } from '../text/encoder.ts';
import { Reader } from '../text/reader.ts';
import { pictureSampler } from './painter.ts';
import { picturePlan } from './plan.ts';
import { choosePictureSampler } from './sampler.ts';
import type { TrainedPainter } from './spec.ts';

/** A caption and how much the answer to it counts; what is left to 1 is the empty caption's. */
export interface WeighedCaption {
  readonly text: string;
  readonly weight: number;
}

/** A picture, and how it came out of noise. */
export interface DrawnPictures {
  /** [B, size, size, 3], in ±1 but for what was not learnt */
  readonly pictures: Float32Array;
  /** At each network evaluation; empty unless asked for. */
  readonly states: readonly PictureState[];
  /** Where the first caption was looked at, likewise. */
  readonly attention: readonly AttentionStep[];
}

/** Where the pictures stood at a network evaluation. */
export interface PictureState {
  /** Diffusion step k/K or flow time τ. */
  readonly time: number;
  /** [B, size, size, 3]; the first is the noise. */
  readonly noised: Float32Array;
  /** What the answer says that they will be. */
  readonly estimate: Float32Array;
}

export interface DrawOptions {
  /** @default as the method usually draws pictures */
  readonly sampler?: SamplerSpec | undefined;
  /** Keep states and attention. @default false */
  readonly keep?: boolean;
  /** Awaited before each network evaluation; what it throws ends the drawing. */
  readonly before?: () => Promise<void>;
}

/**
 * A trained painter whose captions, guidance, sampler and number of steps are all chosen when it
 * draws: one program of one step serves them. `Painter` is faster where all of that stays.
 */
export class LoopedPainter {
  readonly batch: number;
  /** What it was made of. */
  readonly trained: TrainedPainter;
  readonly #program: Program;
  readonly #reader: Reader;

  private constructor(painter: TrainedPainter, batch: number, program: Program, reader: Reader) {
    this.batch = batch;
    this.trained = painter;
    this.#program = program;
    this.#reader = reader;
  }

  /**
   * @param key names the painter, so that its program may be kept
   * @param pretrained for one that reads with an encoder from outside
   * @throws TextEncoderError without the encoder that it reads with
   * @cost traces a step and builds its program, 1 to 3 s; 0.2 s where it was kept
   */
  static async prepare(
    engine: Engine,
    painter: TrainedPainter,
    batch: number,
    key?: string,
    pretrained?: PretrainedEncoder,
  ): Promise<LoopedPainter> {
    const reader = await Reader.create(painter.spec.caption.text, pretrained);
    const setup = { ...pictureSampler(painter, [], batch), attention: true };
    const { fn, inputs } = stepFunction(setup);
    const program = await engine.compile(fn, inputs, {
      rows: batch,
      ...(key !== undefined && { key }),
    });
    return new LoopedPainter(painter, batch, program, reader);
  }

  /**
   * Draws a picture a row.
   *
   * @param captions of each row; rows beyond the last are drawn without
   * @param streams  the rows' own noise
   * @throws InstructionError for a caption that is too long
   * @throws SpecError for a sampler of other methods
   * @cost network evaluations of the sampler, times the most texts of a row, the empty one included
   */
  async draw(
    captions: readonly (readonly WeighedCaption[])[],
    streams: readonly NoiseStream[],
    { sampler, keep = false, before }: DrawOptions = {},
  ): Promise<DrawnPictures> {
    const { objective } = this.trained.spec;
    const plan = picturePlan(objective, sampler ?? choosePictureSampler(this.trained));
    const setup = {
      ...pictureSampler(this.trained, plan, this.batch),
      ...{ attention: keep, states: keep },
    };
    const program = composedProgram(this.#program, await this.#texts(captions), before);
    const drawn = await runLooped(program, setup).draw(new Float32Array(0), streams);
    const path = pathOf(objective);
    return {
      pictures: drawn.chunk,
      attention: drawn.attention,
      states: drawn.states.map((state) => ({
        time: state.time,
        noised: state.x,
        estimate: estimateOf(path, state),
      })),
    };
  }

  /** Words of a caption as attention has them, and those that say nothing: they were never learnt. */
  async read(
    caption: string,
  ): Promise<{ readonly tokens: readonly string[]; readonly unknown: readonly string[] }> {
    return this.#reader.read(caption);
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }

  /** By place in the rows' lists, and the empty caption last where it counts in any row. */
  async #texts(rows: readonly (readonly WeighedCaption[])[]): Promise<WeighedTexts[]> {
    const places = Math.max(...rows.map(({ length }) => length));
    const texts: WeighedTexts[] = [];
    for (let place = 0; place < places; place++) {
      const weights = this.#perRow((row) => rows[row]?.[place]?.weight ?? 0);
      if (weights.every((weight) => weight === 0)) continue;
      const told = rows.map((row) => row[place]?.text ?? '');
      texts.push({ text: await this.#reader.readAll(told, this.batch), weights });
    }
    const rest = this.#perRow(
      (row) => 1 - (rows[row] ?? []).reduce((sum, { weight }) => sum + weight, 0),
    );
    if (rest.some((weight) => Math.abs(weight) > NOTHING) || texts.length === 0) {
      texts.push({ text: await this.#reader.readAll([], this.batch), weights: rest });
    }
    return texts;
  }

  #perRow(weightOf: (row: number) => number): number[] {
    return Array.from({ length: this.batch }, (_, row) => weightOf(row));
  }
}

/** A weight below it is what rounding leaves of none. */
const NOTHING = 1e-9;
