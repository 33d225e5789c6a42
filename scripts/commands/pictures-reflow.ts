import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { sampleExamples } from '../../demos/cats/index.ts';
import { trainingSpecSchema } from '../../policies/config/index.ts';
import { digestOf } from '../../policies/digest.ts';
import { PICTURE_TRAINING } from '../../policies/pictures/presets.ts';
import { reflowPairs, reflowSpec } from '../../policies/pictures/reflow.ts';
import { trainOnWindows } from '../../policies/pictures/train.ts';
import { stateFrom } from '../../policies/training/trainer.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { encoderFor, type TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openEngine } from '../engine.ts';
import { interruptible } from '../interrupt.ts';
import {
  type CommonOptions,
  type EngineOptions,
  numberWithin,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import { type Beginning, goOn, takeSteps } from '../painter-training.ts';
import { filePath } from '../paths.ts';
import { startProgress } from '../progress.ts';

interface ReflowOptions extends EngineOptions, CommonOptions, TextEncoderPlace {
  readonly teacher: string;
  readonly guidance: number;
  readonly pairs: number;
  readonly steps?: number;
  readonly seed: number;
  readonly out: string;
  readonly resume?: string;
}

/** Optimiser steps of a reflow that says nothing of them. */
const STEPS = 2000;
/** A picture that reads no caption costs the least to draw. */
const SMALLEST = 16;

export function defineReflow(command: Command): void {
  withTextEncoder(withEngine(withCommon(command)))
    .description('train a flow on its own pairs of noise and picture, to draw in one step')
    .requiredOption('--teacher <file>', 'the flow: a file that "pictures train" wrote', filePath)
    .option(
      '--guidance <w>',
      'guidance scale that the pairs are drawn with, and that the student therefore has built in',
      numberWithin(0, 100),
      1,
    )
    .option('--pairs <n>', 'pairs to learn from', wholeNumber(1, 100_000), 4096)
    .option(
      '--steps <n>',
      `optimiser steps in all (default: ${STEPS}, or as many as the resumed run was to take)`,
      wholeNumber(1, 10_000_000),
    )
    .option('--seed <n>', 'seed of captions, noise and data order', SEED, 0)
    .addOption(
      new Option('--resume <file>', 'continue a training run that was stopped').conflicts([
        ...['guidance', 'pairs', 'seed'],
      ]),
    )
    .requiredOption('--out <file>', 'file to write', filePath)
    .action(reflow);
}

async function reflow(options: ReflowOptions): Promise<void> {
  const { teacher: path, out, json, resume } = options;
  const { painter } = await openPainter(path);
  const digest = digestOf(painter.weights);
  const begun = await (resume === undefined
    ? begin(options, painter.spec, digest)
    : goOn(resume, options.steps));
  if (begun.teacher?.digest !== digest) {
    throw new ProtocolError(
      'conflict',
      `${resume}: expected a reflow of ${path}, got ${begun.teacher ? 'one of another painter' : 'none'}; ` +
        'name the teacher that it began with',
    );
  }
  const { spec } = begun.painter;
  const { training, cats } = begun;
  const engine = await openEngine(options.engine, options.data);
  const pretrained = await encoderFor(options, spec.caption.text);
  const { captions } = sampleExamples({ seed: training.seed, count: cats, size: SMALLEST });
  const progress = startProgress('pairs', cats);
  const windows = await interruptible('stopping; no pairs are kept', async (signal) => {
    const goOn = async (share: number) => {
      progress.update(Math.round(share * cats));
      await yieldToSignals();
      return !signal.aborted;
    };
    const { guidance } = begun.teacher ?? options;
    const pairs = { seed: training.seed, guidance, goOn, pretrained };
    return reflowPairs(engine, painter, captions, pairs);
  }).finally(() => progress.stop());
  if (!windows) throw new StoppedError();
  const state = begun.state ?? stateFrom(painter.weights);
  const trainer = await trainOnWindows(engine, spec, windows, { config: training, state });
  await takeSteps(trainer, begun, {
    out,
    json: json === true,
    command: `pictures reflow --teacher ${path}`,
  });
}

async function begin(
  { guidance, pairs, steps = STEPS, seed }: ReflowOptions,
  teacher: Parameters<typeof reflowSpec>[0],
  digest: string,
): Promise<Beginning> {
  const training = trainingSpecSchema.parse({ ...PICTURE_TRAINING, steps, seed });
  return {
    painter: { method: 'reflow', spec: reflowSpec(teacher) },
    training,
    cats: pairs,
    teacher: { digest, guidance },
  };
}
