import { type Command, Option } from 'commander';
import { PICTURE_SIZES } from '../../demos/cats/index.ts';
import {
  PAINTING_METHODS,
  type PaintingMethod,
  PICTURE_PREDICTIONS,
  PICTURE_TIMES,
  PICTURE_TRAINING,
  type PicturePrediction,
  type PictureTime,
} from '../../policies/pictures/presets.ts';
import { namedEncoder } from '../../server/storage/text-encoder.ts';
import { listOf, SEED, wholeNumber, withCommon, withEngine, withTextEncoder } from '../options.ts';
import { beginOnCats, type TrainingPlace, trainOnCats } from '../painting/on-cats.ts';
import { type Beginning, goOn, reportTraining } from '../painting/take-steps.ts';
import { filePath } from '../paths.ts';

interface TrainOptions extends TrainingPlace {
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
        'what the network predicts: epsilon, v or data in a diffusion (default: v), velocity or data in a flow (default: velocity where a patch has no more numbers than the finest level channels)',
      ).choices([...PICTURE_PREDICTIONS]),
    )
    .addOption(
      new Option('--time <density>', 'how a flow draws τ in training (default: uniform)').choices([
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
  const { resume: resumed, steps, json } = options;
  const begun = await (resumed === undefined ? begin(options) : goOn(resumed, steps));
  reportTraining(await trainOnCats(begun, { ...options, resumed }), json === true);
}

async function begin(options: TrainOptions): Promise<Beginning> {
  const { method, patch, channels, prediction, time } = options;
  const { batch, steps = STEPS, seed, cats, renew } = options;
  const encoder = await namedEncoder(options);
  const what = { method, size: Number(options.size), patch, channels, prediction, time, encoder };
  return beginOnCats({ ...what, batch, steps, seed, cats, renew });
}
