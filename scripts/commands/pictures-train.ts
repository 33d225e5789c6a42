import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  PICTURE_SIZES,
  type PictureSize,
  sampleExamples,
} from '../../demos/cats/index.ts';
import { writeFileAtomic } from '../../demos/files/index.ts';
import { encodePainter, type PainterCheckpoint } from '../../policies/checkpoint/painter.ts';
import { SpecError, trainingSpecSchema } from '../../policies/config/index.ts';
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
import type { TrainingState } from '../../policies/training/trainer.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { openPainter } from '../../server/storage/painters.ts';
import {
  encoderFor,
  namedEncoder,
  type TextEncoderPlace,
} from '../../server/storage/text-encoder.ts';
import { openEngine } from '../engine.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
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
import { filePath } from '../paths.ts';
import { startProgress } from '../progress.ts';
import { printJson } from '../table.ts';

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
    .description('train what draws cats from captions')
    .addOption(
      new Option('--method <name>', 'what is learnt')
        .choices([...PAINTING_METHODS])
        .default('flow'),
    )
    .addOption(
      new Option('--size <pixels>', 'pixels a side')
        .choices(PICTURE_SIZES.map(String))
        .default('32'),
    )
    .option('--patch <pixels>', 'pixels a side of a place (default: size / 16)', wholeNumber(1, 16))
    .option(
      '--channels <list>',
      'of each level, the finest first (default: 32,64,128)',
      listOf(wholeNumber(8, 1024)),
    )
    .addOption(
      new Option(
        '--prediction <what>',
        'what the network names: epsilon, v or data of a diffusion (default: v), velocity or data of a flow (default: data)',
      ).choices([...PICTURE_PREDICTIONS]),
    )
    .addOption(
      new Option('--time <density>', 'how a flow draws τ in training (default: beta)').choices([
        ...PICTURE_TIMES,
      ]),
    )
    .option('--batch <n>', 'pictures a step', wholeNumber(1, 4096), PICTURE_TRAINING.batch)
    .option(
      '--steps <n>',
      `optimiser steps in all (default: ${STEPS}, or as many as were to be made before)`,
      wholeNumber(1, 10_000_000),
    )
    .option('--cats <n>', 'pictures to learn from at a time', wholeNumber(1, 100_000), 1024)
    .option(
      '--renew <n>',
      'how often each is seen before others take their place; 0: always the same ones',
      wholeNumber(0, 1_000_000),
      4,
    )
    .option('--seed <n>', 'seed of weights, pictures, data order and noise', SEED, 0)
    .addOption(
      // All else was said when it began, but for how long it is to go on.
      new Option('--resume <file>', 'go on with training that was stopped').conflicts([
        ...['method', 'size', 'patch', 'channels', 'prediction', 'time', 'batch', 'cats', 'renew'],
        'seed',
      ]),
    )
    .requiredOption('--out <file>', 'file to write', filePath)
    .action(train);
}

/** Optimiser steps of a training that says nothing of them. */
const STEPS = 4000;

/** What a painter begins with, or goes on with. */
type Beginning = Omit<PainterCheckpoint, 'state' | 'step' | 'painter'> & {
  readonly painter: Omit<PainterCheckpoint['painter'], 'weights'>;
  readonly state?: TrainingState;
};

/** Time between checkpoints, ms: what a kill can cost. */
const CHECKPOINT_INTERVAL = 60_000;
/** Steps of which the mean loss is shown. */
const SHOWN = 100;

async function train(options: TrainOptions): Promise<void> {
  const { out, json } = options;
  const begun = await (options.resume === undefined ? begin(options) : goOn(options));
  const { painter, training, cats, renew } = begun;
  const { method, spec } = painter;
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
  const progress = startProgress(method, training.steps);
  const before = trainer.steps;
  const began = performance.now();
  let savedAt = began;
  const losses: number[] = [];
  /** Of the last steps; null before the first. */
  const loss = () =>
    losses.length > 0 ? losses.reduce((sum, each) => sum + each, 0) / losses.length : null;
  const save = async () => {
    const state = trainer.state();
    const weights = state.vectors.ema;
    const { step } = state;
    const content = encodePainter({ ...begun, painter: { ...painter, weights }, step, state });
    await writeFileAtomic(out, content);
    savedAt = performance.now();
  };
  const message = `stopping with a checkpoint; go on with: pictures train --resume ${out}`;
  try {
    await interruptible(message, async (signal) => {
      while (trainer.steps < training.steps && !signal.aborted) {
        losses.push((await trainer.step()).loss);
        if (losses.length > SHOWN) losses.shift();
        progress.update(trainer.steps, `loss ${loss()?.toPrecision(3)}`);
        if (performance.now() - savedAt > CHECKPOINT_INTERVAL) await save();
        // The step blocks this process; between steps it listens for being told to stop.
        await yieldToSignals();
      }
      await save();
    });
  } finally {
    progress.stop();
    await trainer.dispose();
  }
  if (trainer.steps < training.steps) process.exitCode = EXIT.interrupted;
  const seconds = (performance.now() - began) / 1000;
  const secondsPerStep = seconds / Math.max(1, trainer.steps - before);
  const result = { out, method, size, step: trainer.steps, loss: loss(), seconds, secondsPerStep };
  if (json) {
    printJson({ ...result, parameters: trainer.state().vectors.ema.length, spec, training });
    return;
  }
  process.stdout.write(
    `${out}: ${method} at ${size} × ${size}, step ${result.step}, loss ` +
      `${result.loss?.toPrecision(4) ?? '–'}, ${seconds.toFixed(0)} s, ${secondsPerStep.toFixed(3)} s a step\n` +
      `draw with it: npm run -s fp -- pictures draw --painter ${out} --caption "a red cat" --out cats.png\n`,
  );
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

/** Where a training stood that was stopped or done, to be made longer or shorter if that is asked for. */
async function goOn({ resume = '', steps }: TrainOptions): Promise<Beginning> {
  const checkpoint = await openPainter(resume);
  const { step: made, state, training } = checkpoint;
  if (!state) {
    throw new ProtocolError(
      'conflict',
      `${resume}: expected a painter with its training, got one alone; go on from the file that ` +
        '"pictures train" wrote',
    );
  }
  if (steps !== undefined && steps < made) {
    throw new SpecError(`steps: expected at least the ${made} that were made, got ${steps}`);
  }
  return { ...checkpoint, state, training: { ...training, ...(steps && { steps }) } };
}

function sizeOf(size: number): PictureSize {
  const known = PICTURE_SIZES.find((each) => each === size);
  if (known !== undefined) return known;
  throw new RangeError(`size: expected ${PICTURE_SIZES.join(', ')}, got ${size}`);
}
