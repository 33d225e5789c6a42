import { nfeOf } from '../config/choose-sampler.ts';
import { textSize } from '../config/condition-inputs.ts';
import type { SamplerSpec } from '../config/sampler.ts';
import type { Engine } from '../engine/types.ts';
import type { NoiseStream } from '../random.ts';
import { compileSampler, type SamplerSetup } from '../samplers/compile.ts';
import type { Drawn, ReadySampler } from '../samplers/run.ts';
import type { SamplerPlan } from '../samplers/sampler.ts';
import type { PretrainedEncoder } from '../text/encoder.ts';
import { Reader } from '../text/reader.ts';
import { drawnBy } from '../trained.ts';
import { picturePlan } from './plan.ts';
import { choosePictureSampler } from './sampler.ts';
import {
  checkPictureGuidance,
  createPictureNetwork,
  pictureShape,
  type TrainedPainter,
} from './spec.ts';

/** What may be chosen about drawing. */
export interface PainterOptions {
  /** @default as the method usually draws pictures */
  readonly sampler?: SamplerSpec;
  /**
   * w of classifier-free guidance: 0 draws anything, 1 follows the caption, above 1 exaggerates what
   * it changes. @default 1
   */
  readonly guidance?: number;
  /** Keep where each place of the picture looks among the words. @default false */
  readonly attention?: boolean;
  /** Keep where the sampler stands at every network evaluation. @default false */
  readonly states?: boolean;
}

/** What a sampler of a painter is made for: unguided, with nothing kept of the way. */
export function pictureSampler(
  { spec, weights }: Pick<TrainedPainter, 'spec' | 'weights'>,
  plan: SamplerPlan,
  batch: number,
): SamplerSetup {
  const { objective, caption } = spec;
  const { horizon, actionDim, observationDim } = pictureShape(spec);
  return {
    network: createPictureNetwork(spec),
    ...{ weights, plan, batch },
    ...drawnBy({ spec: { objective, predHorizon: horizon }, actionDim }),
    observationSize: observationDim,
    textSize: textSize(caption.text),
  };
}

/** A trained painter with a sampler, made ready for batches of one size. */
export class Painter {
  readonly batch: number;
  /** Network evaluations a picture takes; guidance doubles them. */
  readonly nfe: number;
  readonly #sampler: ReadySampler;
  readonly #reader: Reader;

  private constructor(sampler: ReadySampler, reader: Reader, nfe: number) {
    this.batch = sampler.batch;
    this.nfe = nfe;
    this.#sampler = sampler;
    this.#reader = reader;
  }

  /**
   * @param pretrained for one that reads with an encoder from outside
   * @throws SpecError for a sampler of other methods, and for guidance that was not learnt
   * @throws TextEncoderError without the pretrained encoder that it reads with
   */
  static async prepare(
    engine: Engine,
    painter: TrainedPainter,
    batch: number,
    { sampler, guidance = 1, attention = false, states = false }: PainterOptions = {},
    pretrained?: PretrainedEncoder,
  ): Promise<Painter> {
    const { spec, weights } = painter;
    const { objective, caption } = spec;
    checkPictureGuidance(spec, guidance);
    const chosen = sampler ?? choosePictureSampler(painter);
    const reader = await Reader.create(caption.text, pretrained);
    const compiled = await compileSampler(engine, {
      ...pictureSampler({ spec, weights }, picturePlan(objective, chosen), batch),
      guidance: { scale: guidance, silence: reader.silence },
      ...{ attention, states },
    });
    return new Painter(compiled, reader, nfeOf(chosen, objective, guidance));
  }

  /**
   * Draws a picture a row: `chunk` is [B, size, size, 3], in ±1 but for what was not learnt.
   *
   * @param captions of the rows; those beyond the last are drawn without
   * @param streams  the rows' own noise
   * @throws InstructionError for a caption that is too long
   */
  async draw(captions: readonly string[], streams: readonly NoiseStream[]): Promise<Drawn> {
    const text = await this.#reader.readAll(captions, this.batch);
    return this.#sampler.draw(new Float32Array(0), streams, { text });
  }

  /** Words of a caption that say nothing, as they were never learnt. */
  async unknownIn(caption: string): Promise<readonly string[]> {
    return (await this.#reader.read(caption)).unknown;
  }

  async dispose(): Promise<void> {
    await this.#sampler.dispose();
  }
}
