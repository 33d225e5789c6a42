import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  PICTURE_SIZES,
  type PictureSize,
  sampleExamples,
} from '../../demos/cats/index.ts';
import { trainingSpecSchema } from '../../policies/config/index.ts';
import { pictureSpecSchema } from '../../policies/config/picture.ts';
import {
  PICTURE_TRAINING,
  type PictureChoice,
  pictureSpec,
} from '../../policies/pictures/presets.ts';
import { type RenewedExamples, trainPainter } from '../../policies/pictures/train.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { encoderFor, type TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openEngine } from '../engine.ts';
import type { CommonOptions, EngineOptions } from '../options.ts';
import { type Beginning, type PainterReport, takeSteps } from './take-steps.ts';

/** What is learnt, and from how many cats. */
export interface CatsChoice extends Omit<PictureChoice, 'vocabulary' | 'words'> {
  readonly steps: number;
  /** @default as all painters */
  readonly batch?: number;
  readonly seed: number;
  /** Pictures to learn from at a time. */
  readonly cats: number;
  /** How often each is seen before others take their place; 0: always the same ones. */
  readonly renew: number;
}

/** @throws SpecError for what is no painter */
export function beginOnCats({ steps, batch, seed, cats, renew, ...what }: CatsChoice): Beginning {
  const words = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };
  const spec = pictureSpecSchema.parse(pictureSpec({ ...what, ...words }));
  const training = trainingSpecSchema.parse({
    ...PICTURE_TRAINING,
    ...(batch !== undefined && { batch }),
    ...{ steps, seed },
  });
  return { painter: { method: what.method, spec }, training, cats, ...(renew > 0 && { renew }) };
}

export type TrainingPlace = CommonOptions & EngineOptions & TextEncoderPlace;

/**
 * Trains on cats, from the beginning or from where it stopped.
 *
 * @param resumed the file that it goes on from, for what is said of it
 * @throws ProtocolError 'conflict' for what was trained on a teacher's pairs
 */
export async function trainOnCats(
  begun: Beginning,
  options: TrainingPlace & { readonly out: string; readonly resumed?: string | undefined },
): Promise<PainterReport> {
  const { painter, training, cats, renew, teacher, state } = begun;
  const { spec } = painter;
  if (teacher) {
    throw new ProtocolError(
      'conflict',
      `${options.resumed}: expected training on cats, got a reflow's, whose pairs are its teacher's; go on ` +
        'with: pictures reflow --teacher FILE --resume FILE',
    );
  }
  const size = sizeOf(spec.size);
  const pretrained = await encoderFor(options, spec.caption.text);
  const examples: RenewedExamples = {
    count: cats,
    epochs: renew ?? Number.POSITIVE_INFINITY,
    from: (first) => sampleExamples({ seed: training.seed, first, count: cats, size }),
  };
  const engine = await openEngine(options.engine, options.data);
  const trainer = await trainPainter(
    engine,
    spec,
    examples,
    { config: training, state },
    pretrained,
  );
  return takeSteps(trainer, begun, { out: options.out, command: 'pictures train' });
}

function sizeOf(size: number): PictureSize {
  const known = PICTURE_SIZES.find((each) => each === size);
  if (known !== undefined) return known;
  throw new RangeError(`size: expected ${PICTURE_SIZES.join(', ')}, got ${size}`);
}
