import { type Command, Option } from 'commander';
import { PICTURE_SIZES, type PictureSize } from '../../demos/cats/index.ts';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { PER_CAPTION } from '../../server/painting/asked.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import {
  type EngineOptions,
  listOf,
  numberWithin,
  SEED,
  wholeNumber,
  withEngine,
  withSampler,
} from '../options.ts';
import { evaluatePainter } from '../painting/evaluation.ts';
import { painterSource, trueSource } from '../painting/source.ts';
import { describeEvaluation } from '../painting/table.ts';
import { printJson } from '../table.ts';

interface EvaluateOptions extends EngineOptions, SamplerChoice {
  readonly painter?: string;
  readonly true?: true;
  readonly size: string;
  readonly guidance: number[];
  readonly count: number;
  readonly seed: number;
  readonly json?: true;
}

export function defineEvaluatePictures(command: Command): void {
  withSampler(withEngine(command))
    .description('measure how well a painter follows captions')
    .option('--painter <file>', 'a painter: a file that "pictures train" wrote')
    .addOption(
      new Option(
        '--true',
        'score generated cats instead of a painter: the error rate of the attribute reader',
      ).conflicts(['painter', 'guidance', 'sampler', 'nfe', 'eta']),
    )
    .addOption(
      new Option('--size <pixels>', 'with --true: width and height, pixels')
        .choices(PICTURE_SIZES.map(String))
        .default('64'),
    )
    .option(
      '--guidance <list>',
      'scales of classifier-free guidance to try',
      listOf(numberWithin(0, 100)),
      [1],
    )
    .option(
      '--count <n>',
      `pictures of each group at each scale, ${PER_CAPTION} of a caption`,
      wholeNumber(2 * PER_CAPTION, 100_000),
      1000,
    )
    .option('--seed <n>', 'seed of captions, true cats and noise', SEED, 0)
    .option('--json', 'print the result as one JSON document on standard output')
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const { count, seed, json } = options;
  const source = await sourceOf(options);
  const result = await interruptible('stopping with what is measured', (signal) =>
    evaluatePainter(source, { count, seed, signal }),
  );
  if (!result.isWhole) process.exitCode = EXIT.interrupted;
  if (json) printJson(result);
  else process.stdout.write(describeEvaluation(result));
}

/** @throws ProtocolError 'invalid-request' unless there is one thing to measure */
function sourceOf(options: EvaluateOptions) {
  if (options.true) return trueSource(Number(options.size) as PictureSize);
  if (options.painter !== undefined) return painterSource(options.painter, options);
  throw new ProtocolError(
    'invalid-request',
    'expected one of --painter FILE and --true, got neither; say what is to be measured',
  );
}
