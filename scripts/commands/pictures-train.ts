import { type Command, Option } from 'commander';
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
  PAINTING_METHODS,
  type PaintingMethod,
  PICTURE_PREDICTIONS,
  PICTURE_TIMES,
  PICTURE_TRAINING,
  type PicturePrediction,
  type PictureTime,
  pictureSpec,
} from '../../policies/pictures/presets.ts';
import { type RenewedExamples, trainPainter } from '../../policies/pictures/train.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import {
  encoderFor,
  namedEncoder,
  type TextEncoderPlace,
} from '../../server/storage/text-encoder.ts';
import { openEngine } from '../engine.ts';
import {
  type CommonOptions,
  type EngineOptions,
  listOf,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import { type Beginning, goOn, takeSteps } from '../painter-training.ts';
import { filePath } from '../paths.ts';

interface TrainOptions extends EngineOptions, CommonOptions, TextEncoderPlace {
  readonly method: PaintingMethod;
  readonly size: string;
  readonly patch?: number;
  readonly channels?: number[];
  readonly prediction?: PicturePrediction;
  readonly time?: PictureTime;
  readonly batch: number;
  readonly steps?: number;
  readonly cats: number;
  readonly renew: number;
  readonly seed: number;
  readonly out: string;
  readonly resume?: string;
}

export function defineTrainPictures(command: Command): void {
  withTextEncoder(withEngine(withCommon(command)))
    .description('train a painter, which draws cats from captions')
    .addOption(
      new Option('--method <name>', 'training method')
        .choices([...PAINTING_METHODS])
        .default('flow'),
    )
    .addOption(
      new Option('--size <pixels>', 'width and height, pixels')
        .choices(PICTURE_SIZES.map(String))
        .default('32'),
    )
    .option('--patch <pixels>', 'width of a patch, pixels (default: size / 16)', wholeNumber(1, 16))
    .option(
      '--channels <list>',
      'channels of each level, the finest first (default: 32,64,128)',
      listOf(wholeNumber(8, 1024)),
    )
    .addOption(
      new Option(
        '--prediction <what>',
        'what the network predicts: epsilon, v or data in a diffusion (default: v), velocity or data in a flow (default: data)',
      ).choices([...PICTURE_PREDICTIONS]),
    )
    .addOption(
      new Option('--time <density>', 'how a flow draws τ in training (default: beta)').choices([
        ...PICTURE_TIMES,
      ]),
    )
    .option('--batch <n>', 'pictures per step', wholeNumber(1, 4096), PICTURE_TRAINING.batch)
    .option(
      '--steps <n>',
      `optimiser steps in all (default: ${STEPS}, or as many as the resumed run was to take)`,
      wholeNumber(1, 10_000_000),
    )
    .option(
      '--cats <n>',
      'size of the training set at any time, pictures',
      wholeNumber(1, 100_000),
      1024,
    )
    .option(
      '--renew <n>',
      'epochs after which the training set is replaced by new pictures; 0: never',
      wholeNumber(0, 1_000_000),
      4,
    )
    .option('--seed <n>', 'seed of weights, pictures, data order and noise', SEED, 0)
    .addOption(
      // All else was said when it began, but for how long it is to go on.
      new Option('--resume <file>', 'continue a training run that was stopped').conflicts([
        ...['method', 'size', 'patch', 'channels', 'prediction', 'time', 'batch', 'cats', 'renew'],
        'seed',
      ]),
    )
    .requiredOption('--out <file>', 'file to write', filePath)
    .action(train);
}

/** Optimiser steps of a training that says nothing of them. */
const STEPS = 4000;

async function train(options: TrainOptions): Promise<void> {
  const { out, json } = options;
  const begun = await (options.resume === undefined
    ? begin(options)
    : goOn(options.resume, options.steps));
  const { painter, training, cats, renew, teacher } = begun;
  if (teacher) {
    throw new ProtocolError(
      'conflict',
      `${options.resume}: expected training on cats, got a reflow's, whose pairs are its teacher's; go on ` +
        'with: pictures reflow --teacher FILE --resume FILE',
    );
  }
  const { spec } = painter;
  const size = sizeOf(spec.size);
  const pretrained = await encoderFor(options, spec.caption.text);
  const examples: RenewedExamples = {
    count: cats,
    epochs: renew ?? Number.POSITIVE_INFINITY,
    from: (first) => sampleExamples({ seed: training.seed, first, count: cats, size }),
  };
  const engine = await openEngine(options.engine, options.data);
  const going = { config: training, state: begun.state };
  const trainer = await trainPainter(engine, spec, examples, going, pretrained);
  await takeSteps(trainer, begun, { out, json: json === true, command: 'pictures train' });
}

async function begin(options: TrainOptions): Promise<Beginning> {
  const { method, patch, channels, prediction, time } = options;
  const { batch, steps = STEPS, seed, cats, renew } = options;
  const size = Number(options.size);
  const encoder = await namedEncoder(options);
  const choice = { method, size, patch, channels, prediction, time, encoder };
  const words = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };
  const spec = pictureSpecSchema.parse(pictureSpec({ ...choice, ...words }));
  const training = trainingSpecSchema.parse({ ...PICTURE_TRAINING, batch, steps, seed });
  return { painter: { method, spec }, training, cats, ...(renew > 0 && { renew }) };
}

function sizeOf(size: number): PictureSize {
  const known = PICTURE_SIZES.find((each) => each === size);
  if (known !== undefined) return known;
  throw new RangeError(`size: expected ${PICTURE_SIZES.join(', ')}, got ${size}`);
}
